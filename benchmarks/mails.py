"""The mail of a thousand invitations: drafted, sent by one request, delivered by one worker or two."""

import argparse
import json
import time
import uuid
from collections.abc import Callable
from datetime import time as hour
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation

from benchmarks import words
from benchmarks.counting import counting
from benchmarks.pages import client_of
from benchmarks.waiting import WARM_UP, wait_for_the_word
from benchmarks.world import save
from consultations.actions import send_invitations
from consultations.models import Consultation, Invitation, Organiser
from portal import delivery
from portal.models import OutgoingMessage, User
from portal.tasks import deliver
from stakeholders.models import Country, Organisation, StakeholderGroup

# Those without a catalogue yet are written in English words, with the dates and the frame of their own language.
LANGUAGES = ("en", "id", "th", "vi", "km")


def draft(count: int) -> Consultation:
    """Make a consultation with that many approved invitations, in five languages by turns."""
    stock, day, mark = words.stock(), timezone.localdate() + timedelta(days=30), uuid.uuid4().hex[:8]
    consultation = Consultation.objects.create(
        slug=f"mailing-{mark}",
        title_en="Indonesian national consultation on placement fees, passports and domestic work",
        title_ind="Konsultasi nasional Indonesia tentang biaya penempatan, paspor, dan pekerjaan rumah tangga",
        purpose_en="\n\n".join([stock.purposes[0][0]] * 3),
        purpose_ind="\n\n".join([stock.purposes[0][1]] * 3),
        state="announced",
        country=Country.objects.get(code="ID"),
        city_en="Jakarta",
        starts_on=day,
        ends_on=day,
        begins_at=hour(8, 30),
        ends_at=hour(17),
        answer_by=day - timedelta(days=7),
    )
    consultation.convenors.set(User.objects.filter(email__in=["convenor@bench.example", "second@bench.example"]))
    Organiser.objects.create(consultation=consultation, name="Task Force", kind="convening")
    Organiser.objects.create(consultation=consultation, name="Network", kind="co-organiser", position=1)
    invited = _organisations(count, mark)
    save(Invitation, (_approved(consultation, organisation) for organisation in invited))
    return consultation


def _organisations(count: int, mark: str) -> list[Organisation]:
    made = save(
        Organisation,
        (
            Organisation(
                name_en=f"Invited {mark} {number}",
                name_key=f"invited {mark} {number}",
                slug=f"invited-{mark}-{number}",
                state="verified",
                language=LANGUAGES[number % len(LANGUAGES)],
                contact_email=f"invited{number}.{mark}@bench.example",
            )
            for number in range(count)
        ),
    )
    group, through = StakeholderGroup.objects.order_by("pk").first(), Organisation.groups.through
    save(through, (through(organisation=organisation, stakeholdergroup=group) for organisation in made))
    return made


def _approved(consultation: Consultation, organisation: Organisation) -> Invitation:
    invitation = Invitation(
        consultation=consultation,
        organisation=organisation,
        state="approved",
        address=organisation.contact_email,
        language=organisation.language,
    )
    invitation.seal()
    return invitation


def send(consultation: Consultation) -> dict[str, Any]:
    """Send the approved invitations as the convenor does, and tell what that asked of the database."""
    door, press = _door(consultation)
    with counting() as tally:
        started = time.perf_counter()
        press()
        seconds = time.perf_counter() - started
    _write_in_five_languages()
    queued = OutgoingMessage.objects.filter(state="queued").count()
    return {"door": door, "queries": tally.queries, "ms": seconds * 1000, "queued": queued}


def _write_in_five_languages() -> None:
    """Write to each reader in the reader's own language, as when a catalogue of it is shipped."""
    for code in LANGUAGES:
        theirs = Invitation.objects.filter(language=code).values("pk")
        OutgoingMessage.objects.filter(state="queued", subject_id__in=theirs).update(language=code)


def _door(consultation: Consultation) -> tuple[str, Callable[[], Any]]:
    """Return how it is sent: by the form of the page, or by the action where there is no page yet."""
    try:
        path = reverse("invitation_send", args=[consultation.slug])
    except NoReverseMatch:
        by = consultation.convenors.all()[0]
        return "action", lambda: send_invitations(consultation, by=by)
    client = client_of("convenor")
    client.get(reverse("consultation_list"))
    return "request", lambda: client.post(path, {"one_time_key": uuid.uuid4().hex, "confirm": "yes"})


def work(go: Path | None, *, count_queries: bool) -> dict[str, Any]:
    """Be one worker: warm up, wait for the word, deliver until nothing is due."""
    warmed = delivery.deliver_batch(WARM_UP)
    for code in LANGUAGES:  # the routes of a language are put together at its first link
        with translation.override(code):
            reverse("invitation_link", args=["x"])
    wait_for_the_word(go)
    began, worked = time.time(), time.process_time()
    if count_queries:
        with counting() as tally:
            count = deliver()
        return {"count": count, "queries": tally.queries, "rows": tally.rows}
    count = 0
    while sent := deliver():  # one task ends after twenty seconds, and wakes the next
        count += sent
    used = time.process_time() - worked
    return {"began": began, "ended": time.time(), "cpu": used, "count": count, "warmed": warmed}


def main(arguments: list[str]) -> None:
    """Do one step and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("step", choices=["send", "work"])
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--go", type=Path)
    parser.add_argument("--count-queries", action="store_true")
    given = parser.parse_args(arguments)
    if given.step == "send":
        print(json.dumps(send(draft(given.count))))
    else:
        print(json.dumps(work(given.go, count_queries=given.count_queries)))
