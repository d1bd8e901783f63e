"""A ministry merges while a conveyance is open: the new office's liaison is appointed, sees it, and answers it."""

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal import delivery
from portal.log import first_break
from portal.models import User
from portal.once import FIELD, new_key
from recommendations.models import Response
from stakeholders.models import PublicBody
from tests import build
from tests.conftest import as_person
from tests.recommendations.published import make_published

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "ibu.sari@ministry.example"


def send(client, path, **fields):
    """Send a form in; return where it led."""
    answer = client.post(path, {FIELD: new_key(), **fields})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer.url


def post_of(address):
    """Deliver what waits and return the texts that the address got."""
    delivery.deliver_batch()
    return [message.body for message in mail.outbox if message.to == [address]]


def signed_in_by_code(address):
    """Return a browser on which the person typed the code that came by mail."""
    client = Client()
    client.post(reverse("account_request_login_code"), {"email": address})
    code = re.findall(r"(?<!\d)\d{6}(?!\d)", post_of(address)[-1])[0]
    client.post(reverse("account_confirm_login_code"), {"code": code})
    return client


def test_a_ministry_merges_while_a_conveyance_is_open(cast):
    published = make_published(cast)
    conveyance = published.convey()
    old_name = cast.body.name
    administrator = as_person(build.make_administrator(email="admin@example.org"))
    today = timezone.localdate()

    # The new ministry is written down, and takes over; the old liaison's term ends.
    country = cast.body.country_id
    page = send(
        administrator, reverse("public_body_create"), name_en="Ministry of People", kind="national", country=country
    )
    new = PublicBody.objects.get(name_en="Ministry of People")
    assert page == new.get_absolute_url()
    path, fields = (
        reverse("public_body_succeed", args=[cast.body.slug]),
        {"new": new.pk, "on": today, "liaisons": "end"},
    )
    shown = administrator.post(path, fields).context["moves"]
    assert (shown.conveyances, shown.items, shown.liaisons) == (1, 2, 1)
    send(administrator, path, **fields, shown=shown.key, confirmed="1")
    assert as_person(cast.liaison).get(reverse("liaison_desk")).status_code == 403
    assert "2 items that were conveyed to it are open" in post_of("convenor@example.org")[-1]

    # A liaison is appointed by address, signs in with a code, accepts.
    until = today + timedelta(days=365)
    person = {"address": ADDRESS, "full_name": "Sari", "language": "en", "since": today, "until": until}
    send(administrator, reverse("liaison_appoint", args=[new.slug]), **person)
    (letter,) = post_of(ADDRESS)
    link = re.search(r"https?://[^/]+(/en/appointments/\d+/)", letter)[1]
    liaison = signed_in_by_code(ADDRESS)
    assert liaison.get(reverse("liaison_desk")).status_code == 403
    send(liaison, link, answer="accept", seats=0)
    assert liaison.get(reverse("liaison_desk")).url == reverse("second_factor")
    build.make_factor(User.objects.get(email=ADDRESS))

    # What was conveyed to the old ministry waits on her desk; she acknowledges and answers one item.
    (task,) = liaison.get(reverse("liaison_desk")).context["tasks"]
    assert task["url"] == reverse("conveyance_detail", args=[conveyance.pk])
    send(liaison, reverse("conveyance_acknowledge", args=[conveyance.pk]), their_reference="MP/1")
    sheet = reverse("answer_sheet", args=[conveyance.pk])
    item = published.item()
    words = {}
    for row in liaison.get(sheet).context["rows"]:
        said = {"kind": "noted", "text": "Seen."} if row["item"] == item else {}
        words |= {row["form"].add_prefix(name): value for name, value in {**said, "language": "en"}.items()}
    send(liaison, sheet, **words)
    draft = Response.objects.get()
    send(liaison, reverse("answers_publish", args=[conveyance.pk]), shown=f"{draft.pk}:{draft.version}")

    # Everybody reads the answer of the new office on both pages; the edition keeps the old name.
    visitor = Client()
    for body in (PublicBody.objects.get(pk=cast.body.pk), new):
        figures = visitor.get(body.get_absolute_url()).context["figures"]
        assert [(one["name"], one["count"]) for one in figures] == [("items answered", 1), ("items open, in time", 1)]
    edition = visitor.get(reverse("edition_detail", args=[published.slug, 1])).content.decode()
    assert old_name in edition
    assert "Sari" not in visitor.get(new.get_absolute_url()).content.decode()
    assert User.objects.get(email=ADDRESS).memberships.count() == 0
    assert first_break() is None
