"""How the consultation around today is sent: own words in three languages, days for reminders, letters to offices."""

from datetime import timedelta

from consultations import actions
from consultations.models import Consultation, Invitation
from portal import clock
from portal.demo.facts import Facts, read
from portal.demo.register import Register
from stakeholders.states import Bench

REMINDER_DAYS = [14, 7, 2]


def prepare_sending(consultation: Consultation, register: Register) -> None:
    """Write what convenors write before they send; two offices are invited by letter, one of them has it already."""
    facts, by = read("sending"), register.convenors[0]
    for words in facts["wordings"]:
        actions.save_wording(consultation, by=by, version=0, **words)
    if consultation.answer_by:
        version = Consultation.objects.get(pk=consultation.pk).version
        actions.plan_reminders(consultation, by=by, days=REMINDER_DAYS, version=version)
    for letter in facts["letters"]:
        _write_letter(consultation, letter, register)


def _write_letter(consultation: Consultation, letter: Facts, register: Register) -> None:
    body = register.bodies[letter["body"]]
    if consultation.invitations.filter(body=body).exists():
        return
    invitation = Invitation(
        consultation=consultation,
        body=body,
        office=letter["office"],
        bench=Bench.GOVERNMENT,
        way="letter",
        language=letter["language"],
        state="approved",
        seats_offered=1,
    )
    invitation.seal()
    invitation.save()
    if letter["handed_over_days_ago"] is not None:
        day = clock.today_in(consultation.time_zone) - timedelta(days=letter["handed_over_days_ago"])
        actions.hand_over_letter(
            invitation, by=register.convenors[0], on=day, handed_by="hand", reference=letter["reference"]
        )
