"""The draft of the consultation that lies ahead went out twice: comments, amendments, one that collided."""

from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from consultations.models import Consultation
from portal.demo.facts import Facts
from portal.demo.register import Register
from portal.models import OutgoingMessage, User
from recommendations import actions, emails
from recommendations.models import CirculatedText, CirculatedVersion, Recommendation, Statement
from stakeholders.models import Organisation

NOTE = "Please read with your members. Tell us above all where a term is not the one that your courts or offices use."
NOTE_2 = "What was accepted stands in this version. One amendment is open: the draft changed in the same place."
ANSWER = "It is noted. We look for the place together with those who run the shelters, before the next version."
REASON = "Without a day nobody can be held to it. The last statement taught us that."
OTHER_REASON = "Whoever has one day off, or none, cannot come to an office."
AGREES = "We agree with this text as it is now."
YEAR, PHONE, FREE = " within one year.", ", by telephone as well.", ", and free of charge."


def comment(consultation: Consultation, facts: Facts, register: Register) -> None:
    """Circulate, let organisations speak, decide on what can be decided, and circulate again."""
    statement: Statement = consultation.statement
    by, (first, second) = register.convenors[0], _speaking(consultation, register)
    version = actions.circulate_statement(statement, by=by, closes_at=_in_days(5), note=NOTE)
    papers, fees, day_off = version.texts.order_by("recommendation_id")[:3]
    _say(papers, facts["recommendations"][0]["comments"], register, by)
    said: dict[str, Any] = {"by": register.speakers[first.pk], "organisation": first, "language": "en"}
    accepted = actions.propose_amendment(fees, proposal=_ending(fees, YEAR), reason=REASON, **said)
    actions.support_amendment(accepted, by=register.speakers[second.pk], organisation=second)
    actions.accept_amendment(accepted, by=by, version=fees.recommendation.version)
    said = {"by": register.speakers[second.pk], "organisation": second, "language": "en"}
    actions.propose_amendment(day_off, proposal=_ending(day_off, PHONE), reason=OTHER_REASON, **said)
    _change_meanwhile(day_off, by)
    latest = actions.circulate_statement(statement, by=by, closes_at=_in_days(12), note=NOTE_2)
    _ask_once_more(latest, papers, register.speakers[second.pk], second)
    purposes = (emails.draft_circulated.purpose, emails.comment_answered.purpose, emails.amendment_settled.purpose)
    OutgoingMessage.objects.filter(purpose__in=purposes).update(state="sent", sent_at=timezone.now(), attempts=1)


def _say(text: CirculatedText, comments: list[Facts], register: Register, by: User) -> None:
    """Let the organisations say what they said; the first comment is answered."""
    made = []
    for row in comments:
        organisation = register.organisations[row["organisation"]]
        said = {"organisation": organisation, "language": row["language"], "words": row["text"], "paragraph": 1}
        made.append(actions.comment_passage(text, by=register.speakers[organisation.pk], **said))
    actions.answer_comment(made[0], by=by, answer=ANSWER)


def _speaking(consultation: Consultation, register: Register) -> list[Organisation]:
    """Return two organisations that accepted and have somebody who speaks for them."""
    accepted = consultation.invitations.filter(state="accepted", organisation__in=list(register.speakers))
    return [one.organisation for one in accepted.select_related("organisation").order_by("pk")[:2]]


def _in_days(days: int) -> datetime:
    return (timezone.now() + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)


def _ending(text: CirculatedText, end: str) -> str:
    return str(text.texts["en"]).rstrip().removesuffix(".") + end


def _change_meanwhile(text: CirculatedText, by: User) -> None:
    """Let the convenor change the sentence that the open amendment changes as well."""
    one = Recommendation.objects.get(pk=text.recommendation_id)
    facts = {"section": one.section, "addressees": one.addressees.all(), "theme": one.theme}
    actions.revise_recommendation(one, by=by, version=one.version, text_en=_ending(text, FREE), **facts)


def _ask_once_more(version: CirculatedVersion, text: CirculatedText, by: User, organisation: Organisation) -> None:
    """Let one organisation comment on the latest version: nobody has answered yet."""
    latest = version.texts.get(recommendation=text.recommendation)
    actions.comment_passage(latest, by=by, organisation=organisation, language="en", words=AGREES)
