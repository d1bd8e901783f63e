import re
import time
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import serializers
from django.core.cache import cache
from django.core.management import call_command
from django.db.models import Count
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from modeltranslation.translator import translator

from consultations.models import Answer, Consultation, Invitation, Paper, hash_token
from portal import log
from portal.demo.factors import code_now
from portal.demo.facts import read
from portal.demo.people import sign_ins
from portal.models import LogEntry, OutgoingMessage, User
from recommendations import canonical
from recommendations.models import (
    Adoption,
    Conveyance,
    Edition,
    Item,
    Position,
    Recommendation,
    Response,
    Source,
    Statement,
    Submission,
    TrailStep,
)
from stakeholders.models import Membership, Organisation, PublicBody
from stakeholders.querysets import Standing, standing_of

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

OURS = ("portal", "stakeholders", "consultations", "recommendations", "account")
COUNTS = {
    "portal.user": 29,
    "portal.loghead": 1,
    "portal.logentry": 114,
    "portal.outgoingmessage": 80,
    "stakeholders.country": 11,
    "stakeholders.stakeholdergroup": 24,
    "stakeholders.publicbody": 48,
    "stakeholders.organisation": 60,
    "stakeholders.membership": 23,
    "stakeholders.convenorship": 3,
    "stakeholders.organisationname": 176,
    "stakeholders.appeal": 1,
    "stakeholders.decision": 1,
    "stakeholders.trait": 185,
    "stakeholders.termsofreference": 1,
    "stakeholders.organisationlink": 19,
    "stakeholders.liaisonappointment": 3,
    "consultations.consultation": 20,
    "consultations.organiser": 35,
    "consultations.officialmeeting": 3,
    "consultations.session": 6,
    "consultations.agendaitem": 12,
    "consultations.invitation": 54,
    "consultations.answer": 39,
    "consultations.need": 10,
    "consultations.seat": 16,
    "consultations.presence": 29,
    "consultations.minutes": 1,
    "consultations.correction": 2,
    "consultations.seatquota": 6,
    "consultations.seatrequest": 1,
    "consultations.followup": 3,
    "consultations.wording": 5,
    "consultations.paper": 4,
    "recommendations.theme": 15,
    "recommendations.submission": 25,
    "recommendations.latecode": 1,
    "recommendations.earlierwords": 1,
    "recommendations.evidence": 1,
    "recommendations.cosubmitter": 2,
    "recommendations.statement": 5,
    "recommendations.recommendation": 52,
    "recommendations.corrigendum": 1,
    "recommendations.proposal": 2,
    "recommendations.source": 23,
    "recommendations.position": 29,
    "recommendations.plenary": 2,
    "recommendations.rollentry": 8,
    "recommendations.proxy": 1,
    "recommendations.outcome": 3,
    "recommendations.ballot": 1,
    "recommendations.sealedvoice": 5,
    "recommendations.endorsement": 1,
    "recommendations.adoption": 2,
    "recommendations.edition": 2,
    "recommendations.item": 42,
    "recommendations.grouping": 1,
    "recommendations.likegroup": 2,
    "recommendations.likeness": 15,
    "recommendations.workingtranslation": 1,
    "recommendations.revision": 8,
    "recommendations.bracket": 1,
    "recommendations.rivalwording": 2,
    "recommendations.fateletter": 10,
    "recommendations.fate": 10,
    "recommendations.circulatedversion": 2,
    "recommendations.circulatedtext": 6,
    "recommendations.comment": 3,
    "recommendations.amendment": 2,
    "recommendations.support": 1,
    "recommendations.languagestate": 2,
    "recommendations.document": 4,
    "recommendations.trailstep": 11,
    "recommendations.pledge": 3,
    "recommendations.conveyance": 4,
    "recommendations.response": 4,
    "account.emailaddress": 29,
}
REGION = f"regional-consultation-on-recruitment-and-return-{(timezone.localdate() + timezone.timedelta(days=120)).year}"
CURRENT, DILI, JAKARTA = "jakarta-fees-passports-domestic-work", "dili-recruitment-and-return", "jakarta-2007"
MAKASSAR = "makassar-fishers-at-sea"


def seed(*options: str) -> str:
    """Return what the command prints."""
    out = StringIO()
    call_command("seed_demo", *options, stdout=out)
    return out.getvalue()


def tables() -> list[Any]:
    """Return every model of ours that holds rows of its own."""
    return [model for model in apps.get_models() if model._meta.app_label in OURS]


def counts() -> dict[str, int]:
    """Return the number of rows per table that is not empty."""
    found = {model._meta.label_lower: model._meta.base_manager.count() for model in tables()}
    return {label: count for label, count in found.items() if count}


def everything() -> str:
    """Return every row of every table of ours."""
    return "\n".join(serializers.serialize("jsonl", model._meta.base_manager.order_by("pk")) for model in tables())


@pytest.fixture
def world() -> str:
    """Load the demonstration; return what the command printed."""
    return seed()


def test_counts_per_kind(world: str) -> None:
    assert counts() == COUNTS


def test_invitations_are_in_every_state(world: str) -> None:
    states = Invitation.objects.values_list("state").annotate(count=Count("id")).order_by("state")
    assert dict(states) == {
        "accepted": 30,
        "approved": 3,
        "declined": 3,
        "drafted": 5,
        "lapsed": 1,
        "revoked": 1,
        "sent": 5,
        "tentative": 3,
        "undeliverable": 2,
        "waitlisted": 1,
    }


def test_loads_within_twenty_seconds() -> None:
    started = time.monotonic()
    seed()
    assert time.monotonic() - started < 20


def test_twice_is_as_once(world: str) -> None:
    before = everything()
    seed()
    assert everything() == before


def test_a_later_day_adds_nothing(world: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = everything()
    later = timezone.localdate() + timezone.timedelta(days=40)
    monkeypatch.setattr("portal.demo.world.timezone.localdate", lambda: later)
    seed()
    assert everything() == before


def test_edits_of_a_user_stay(world: str) -> None:
    Organisation.objects.filter(slug="bakung-raya").update(name_en="Renamed", visibility="withheld")
    Consultation.objects.filter(slug=CURRENT).update(title_en="Retitled", seats=12)
    PublicBody.objects.filter(slug="id-manpower").update(name_en="Reshuffled")
    User.objects.filter(email="sumiyati@mufakat.example").update(full_name="Sumi")
    Membership.objects.filter(user__email="sumiyati@mufakat.example").update(state="left")
    TrailStep.objects.filter(kind="report").delete()
    before = everything()
    seed()
    assert everything() == before


def test_adds_what_is_missing(world: str) -> None:
    before = counts()
    Organisation.objects.get(slug="klinik-bahari").invitations.all().delete()
    Organisation.objects.get(slug="klinik-bahari").delete()
    Consultation.objects.get(slug="bali-2011").organisers.all().delete()
    Consultation.objects.get(slug="bali-2011").delete()
    seed()
    assert counts() == before | {
        "portal.logentry": before["portal.logentry"] + 1,
        "consultations.invitation": before["consultations.invitation"] - 1,
    }


def test_the_log_has_one_entry_a_consultation_and_holds(world: str) -> None:
    seeded = LogEntry.objects.filter(verb="seed")
    assert set(seeded.values_list("subject_type", "actor")) == {("consultations.consultation", None)}
    assert sorted(seeded.values_list("subject_id", flat=True)) == sorted(
        Consultation.objects.values_list("pk", flat=True)
    )


CONVENORS_ACTS = {
    ("add_evidence", "recommendations.evidence"),
    ("correct", "recommendations.submission"),
    ("give_late_code", "recommendations.latecode"),
    ("name_co_submitter", "recommendations.cosubmitter"),
    ("add_item", "consultations.agendaitem"),
    ("add_session", "consultations.session"),
    ("agree", "recommendations.fate"),
    ("ask_grouping", "recommendations.grouping"),
    ("bracket_passage", "recommendations.recommendation"),
    ("circulate", "recommendations.circulatedversion"),
    ("comment", "recommendations.comment"),
    ("answer", "recommendations.comment"),
    ("propose", "recommendations.amendment"),
    ("support", "recommendations.amendment"),
    ("accept", "recommendations.amendment"),
    ("announce", "consultations.consultation"),
    ("begin_corrigendum", "recommendations.corrigendum"),
    ("correct_passage", "recommendations.corrigendum"),
    ("create", "consultations.consultation"),
    ("propose_item", "recommendations.proposal"),
    ("start", "recommendations.statement"),
    ("take_up_proposal", "recommendations.proposal"),
    ("change", "consultations.consultation"),
    ("confirm", "consultations.seat"),
    ("convene", "consultations.invitation"),
    ("find_groups", "recommendations.grouping"),
    ("hand_over", "consultations.invitation"),
    ("nominate", "consultations.seat"),
    ("note_meeting", "consultations.officialmeeting"),
    ("object", "recommendations.fate"),
    ("pick_organisations", "consultations.consultation"),
    ("plan_reminders", "consultations.consultation"),
    ("request", "consultations.seatrequest"),
    ("revise", "recommendations.recommendation"),
    ("save_translation", "recommendations.submission"),
    ("save_wording", "consultations.consultation"),
    ("set_quotas", "consultations.consultation"),
    ("settle_bracket", "recommendations.recommendation"),
    ("tell_fates", "consultations.consultation"),
    ("wait", "consultations.invitation"),
    ("agree", "recommendations.recommendation"),
    ("amend", "recommendations.recommendation"),
    ("ask_secrecy", "recommendations.ballot"),
    ("defer", "recommendations.recommendation"),
    ("endorse", "recommendations.endorsement"),
    ("mark_presence", "recommendations.statement"),
    ("open_sign_on", "recommendations.statement"),
    ("put_on_floor", "recommendations.recommendation"),
    ("record_proxy", "recommendations.statement"),
    ("state_rule", "recommendations.statement"),
    ("table", "recommendations.statement"),
    ("take_position", "recommendations.position"),
}


def test_the_log_has_one_entry_a_consultation_and_a_paper_and_holds(world: str) -> None:
    entries = LogEntry.objects.values_list("verb", "subject_type").distinct()
    known = {("seed", "consultations.consultation"): Consultation, ("add_paper", "consultations.paper"): Paper}
    assert set(entries.order_by()) == set(known) | CONVENORS_ACTS
    for (verb, _kind), model in known.items():
        noted = LogEntry.objects.filter(verb=verb).values_list("subject_id", flat=True)
        assert sorted(noted) == sorted(model.objects.values_list("pk", flat=True))
    assert log.first_break() is None


def test_fingerprints_recompute(world: str) -> None:
    for edition in Edition.objects.all():
        assert canonical.fingerprint(edition.canonical) == edition.fingerprint
        assert canonical_again(edition) == edition.canonical


def canonical_again(edition: Edition) -> str:
    """Return the canonical form, made anew from the rows."""
    entries = [
        canonical.Entry(
            item.section_id, item.number, canonical.in_each_language(item, "text"), list(item.addressees.all())
        )
        for item in edition.items.all()
    ]
    statement = edition.statement
    return canonical.form(statement, number=edition.number, adopted_on=edition.adopted_on, entries=entries)


def test_nothing_waits_to_be_sent(world: str) -> None:
    assert OutgoingMessage.objects.tally() == {"sent": 78, "failed": 1, "bounced": 1}


def test_links_of_invitations_are_sealed(world: str) -> None:
    for invitation in Invitation.objects.select_related("consultation"):
        assert invitation.token_hash == hash_token(invitation.token)
        assert invitation.expires_at.date() > invitation.consultation.ends_on


def test_answers_agree_with_invitations(world: str) -> None:
    for invitation in Invitation.objects.prefetch_related("answers"):
        last: Answer | None = next(iter(invitation.answers.all()), None)
        verbs = {"accepted": "yes", "tentative": "maybe", "declined": "no", "waitlisted": "yes"}
        assert (last.verb if last else None) == verbs.get(invitation.state)
        assert invitation.seats_accepted + invitation.waiting_seats == (last.seats if last else 0)
        assert invitation.seats_accepted <= invitation.seats_offered


def test_whoever_writes_speaks_for_the_organisation(world: str) -> None:
    for submission in Submission.objects.all():
        assert submission.author.memberships.filter(organisation=submission.organisation, state="active").exists()


def test_treated_submissions_are_sources(world: str) -> None:
    used = set(Submission.objects.filter(treatment__in=["used", "joined"]).values_list("pk", flat=True))
    assert set(Source.objects.values_list("submission", flat=True)) == used
    assert Submission.objects.filter(treatment="not-used").exclude(treatment_reason="").count() == 1


def test_jakarta_has_its_items_in_both_languages(world: str) -> None:
    edition = Edition.objects.get(statement__consultation__slug=JAKARTA)
    numbers: dict[str | None, list[int]] = {None: [], "ID": []}
    for item in edition.items.order_by("number"):
        numbers[item.section_id].append(item.number)
        assert item.text_en
        assert item.text_ind
        assert item.addressees.exists()
    assert numbers == {None: list(range(1, 15)), "ID": list(range(1, 17))}
    assert [
        (item["section"].replace("asean", "") or None, item["number"], item["text"]["en"])
        for item in read("jakarta")["items"]
    ] == [
        (item.section_id, item.number, item.text_en)
        for item in edition.items.order_by(Item._meta.ordering[1], "number")
    ]


def test_jakarta_trail_is_complete_and_its_gaps_stay(world: str) -> None:
    statement = Statement.objects.get(consultation__slug=JAKARTA)
    assert statement.illustrative
    assert statement.note_en
    assert statement.note_ind
    assert [f"{step.happened_on} {step.kind}" for step in statement.steps.all()] == [
        "2007-05-14 dialogue",
        "2007-05-14 dialogue",
        "2007-05-14 handover",
        "2007-05-14 handover",
        "2007-05-16 raised",
        "2007-05-16 effect",
        "2008-04-15 review",
        "2008-04-16 report",
    ]
    handover = statement.steps.filter(kind="handover").first()
    assert [(paper.title_en, paper.edition_id is not None) for paper in handover.bundle.order_by("id")] == [
        ("Position paper of civil society and trade unions on the rights of migrant workers", False),
        ("Kuala Lumpur Statement", False),
        ("Jakarta Statement", True),
    ]
    conveyance = Conveyance.objects.get(edition__statement=statement)
    unknown = (conveyance.channel, conveyance.reference, conveyance.received_on, conveyance.reply_due)
    assert (conveyance.body.slug, conveyance.state, *unknown) == (
        "id-manpower-transmigration", "sent", "", "", None, None
    )  # fmt: skip
    assert not Response.objects.filter(item__edition__statement=statement).exists()


@pytest.mark.parametrize(("slug", "adopters", "item"), [(JAKARTA, 16, "ID 5"), (DILI, 6, "TL 2")])
def test_adoptions_with_their_reservation(world: str, slug: str, adopters: int, item: str) -> None:
    adoption = Adoption.objects.get(statement__consultation__slug=slug)
    reservation = Position.objects.get(statement=adoption.statement, stance="reservation")
    recommendation: Recommendation = reservation.recommendation
    assert adoption.adopters.count() == adoption.present_count == adoption.statement.positions.count() == adopters
    assert adoption.manner == "consensus-with-reservations"
    assert recommendation.state == "adopted_with_reservations"
    assert recommendation.items.get().label == item
    assert set(adoption.statement.recommendations.exclude(pk=recommendation.pk).values_list("state", flat=True)) == {
        "adopted"
    }


def test_what_is_made_up_says_so(world: str) -> None:
    assert sorted(Consultation.objects.filter(illustrative=True).values_list("slug", flat=True)) == [
        DILI,
        CURRENT,
        MAKASSAR,
        REGION,
    ]
    assert Statement.objects.filter(illustrative=False).count() == 0
    assert Organisation.objects.filter(illustrative=False).count() == 15


def test_the_current_consultation_is_open(world: str) -> None:
    consultation = Consultation.objects.get(slug=CURRENT)
    assert consultation.is_open_for_input
    assert consultation.answers_close_at > timezone.now()
    assert consultation.convenors.count() == 2
    assert consultation.submissions.untreated().count() == 5
    assert consultation.statement.recommendations.count() == 3


def test_everything_public_is_in_both_languages(world: str) -> None:
    for model in translator.get_registered_models(abstract=False):
        for field in translator.get_options_for_model(model).fields:
            english, indonesian = f"{field}_en", f"{field}_ind"
            for row in model._meta.base_manager.values(english, indonesian):
                assert bool(row[english]) == bool(row[indonesian]), (model, field, row)


def test_every_liaison_has_something_to_do(world: str) -> None:
    desks = {}
    for body in PublicBody.objects.filter(appointments__state="active"):
        conveyances = Conveyance.objects.addressed_to(body.pk)
        items = Item.objects.filter(edition__conveyances__in=conveyances).for_office(body.pk)
        answered = Response.objects.published().filter(body=body).count()
        desks[body.slug] = ([conveyance.state for conveyance in conveyances], items.count(), answered)
    assert desks == {
        "asean-secretariat": (["received"], 1, 0),
        "id-migrant-workers": (["sent"], 2, 0),
        "tl-sefope": (["answered"], 7, 3),
    }


STANDINGS = {
    "ratna": "convenor",
    "arun": "convenor",
    "sumiyati": "lead bakung-raya",
    "dewi": "drafter bakung-raya",
    "bernadeta": "representative keluarga-lamaholot",
    "bambang": "liaison id-migrant-workers",
    "theresa": "liaison asean-secretariat",
    "domingos": "liaison tl-sefope",
    "hang": "nobody",
    "wahyuni": "nobody",
}


def standing_in_words(standing: Standing) -> str:
    """Return what a person is, such as “lead bakung-raya”."""
    if standing.convenor:
        return "convenor"
    if standing.body:
        return f"liaison {PublicBody.objects.get(pk=standing.body).slug}"
    if not standing.organisations:
        return "nobody"
    organisation = Organisation.objects.get(pk__in=standing.organisations)
    role = "representative" if organisation.pk in standing.speaks_for else "drafter"
    return f"{'lead' if organisation.pk in standing.leads else role} {organisation.slug}"


def test_standings_of_the_people(world: str) -> None:
    people = {user.email.split("@")[0]: user for user in User.objects.all()}
    assert {name: standing_in_words(standing_of(people[name])) for name in STANDINGS} == STANDINGS
    assert [user.full_name for user in User.objects.filter(is_staff=True)] == ["Nguyễn Thu Hằng"]
    assert [asks.user.full_name for asks in Membership.objects.open_requests()] == ["Wahyuni Lestari"]


def test_nobody_is_liaison_and_member(world: str) -> None:
    liaisons = User.objects.filter(appointments__isnull=False)
    assert not liaisons.filter(memberships__isnull=False).exists()
    assert not liaisons.filter(convenorships__isnull=False).exists()


def test_the_people_sign_in_with_a_code(world: str) -> None:
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == User.objects.count()
    for address, _for in sign_ins():
        cache.clear()
        client = Client()
        client.post(reverse("account_request_login_code"), {"email": address})
        message = OutgoingMessage.objects.filter(recipient=address, state="queued").latest("id")
        answer = client.post(reverse("account_confirm_login_code"), {"code": message.payload["code"]})
        if answer.url == reverse("mfa_authenticate"):
            client.post(answer.url, {"code": code_now()})
        assert client.session.get("_auth_user_id") == str(User.objects.get(email=address).pk), address


PASSKEYS = "Browsers give passkeys to names only"  # said only where the address of the site is a number


def test_prints_one_sign_in_per_role(world: str) -> None:
    first, _how, _second, *rows = [line for line in world.splitlines() if not line.startswith(PASSKEYS)]
    assert re.fullmatch(r"Demonstration: 20 consultations in \d+\.\d s\.", first)
    assert [tuple(row.split(maxsplit=1)) for row in rows] == sign_ins()
    assert [address.split("@")[0] for address, _for in sign_ins()] == list(STANDINGS)


def test_prints_only_the_sign_ins_when_asked() -> None:
    lines = [line for line in seed("--print-sign-ins").splitlines() if not line.startswith(PASSKEYS)]
    assert len(lines) == 2 + len(STANDINGS)
    assert counts() == {}


def test_the_plan_is_there(world: str) -> None:
    consultation = Consultation.objects.get(slug=CURRENT)
    assert (consultation.target.city_en, consultation.resting_on_ind[:15]) == ("Vientiane", "Konsensus ASEAN")
    assert [session.items.count() for session in consultation.sessions.all()] == [2, 2, 3]
    assert not consultation.sessions.filter(uid=consultation.uid).exists()
    assert Consultation.objects.next_due(timezone.localdate()).get().slug == DILI
