"""The workspace of the consultation that lies ahead: what is alike, what was told, a bracket, a second version."""

from django.utils import timezone

from consultations.models import Consultation
from portal.demo.register import Register
from portal.models import OutgoingMessage, User
from recommendations import actions, emails
from recommendations.models import Fate, Recommendation, Submission

# A working translation of a text in Khmer, and the same demand from others: so the search for what is alike finds it.
KHMER = (
    "ASEAN member states should lay down that recruitment fees are paid by the employer and not by the worker. The "
    "agency should give a receipt for all money that it has taken."
)
LIKE_KHMER = (
    "The ASEAN member states should lay down that recruitment fees are paid by employers and never by the worker. "
    "Agencies should give a receipt for all money that they have taken."
)
PASSAGE, RIVAL = "at least one full day off each week", "a full day off every Sunday"
BEFORE, AFTER = "It should publish the costs", "Every year it should publish the costs"
OBJECTION = "Our point was about the power of inspectors. The text asks for it in one half sentence only."


def merge(consultation: Consultation, submissions: dict[str, Submission], register: Register) -> None:
    """Do what a convenor would have done by now, and what two organisations answered."""
    by = register.convenors[0]
    _say_again(consultation, submissions, register)
    actions.save_translation(submissions["s08"], by=by, language="en", text=KHMER)
    actions.find_groups(actions.ask_grouping(consultation, by=by))
    _tell(consultation, submissions, register, by)
    _work_on_text(consultation, submissions, by)


def _say_again(consultation: Consultation, submissions: dict[str, Submission], register: Register) -> None:
    """Two organisations send in what others sent in as well."""
    said = submissions["s12"].text.partition("hendaknya ")[2]
    rows = (
        ("lentera-pantura", "id", f"Kementerian Ketenagakerjaan sebaiknya {said}", submissions["s12"]),
        ("straits-network", "en", LIKE_KHMER, submissions["s08"]),
    )
    for slug, language, text, other in rows:
        organisation = register.organisations[slug]
        Submission.objects.create(
            consultation=consultation,
            organisation=organisation,
            author=register.speakers[organisation.pk],
            section=other.section,
            theme=other.theme,
            text=text,
            language=language,
            attribution="described",
            state="submitted",
            submitted_at=other.submitted_at,
        )


def _work_on_text(consultation: Consultation, submissions: dict[str, Submission], by: User) -> None:
    """Put a passage of one text in brackets and choose a wording, so that it can be tabled; word another one anew."""
    texts = Recommendation.objects.filter(statement__consultation=consultation)
    day_off, fees = texts.get(text_en__contains=PASSAGE), texts.get(text_en__contains=BEFORE)
    rivals = [(PASSAGE, [submissions["s10"]]), (RIVAL, [submissions["s11"]])]
    where = {"version": day_off.version, "language": "en", "passage": PASSAGE}
    bracket = actions.bracket_passage(day_off, by=by, rivals=rivals, **where)
    actions.settle_bracket(bracket, by=by, wording=bracket.wordings.get(text=PASSAGE))
    actions.revise_recommendation(
        fees,
        by=by,
        version=fees.version,
        section=fees.section,
        addressees=fees.addressees.all(),
        theme=fees.theme,
        text_en=fees.text_en.replace(BEFORE, AFTER),
        text_ind=fees.text_ind,
    )


def _tell(consultation: Consultation, submissions: dict[str, Submission], register: Register, by: User) -> None:
    """Tell the fates; one organisation agrees, one objects. The mails went out long ago."""
    actions.tell_fates(consultation, by=by, shown=actions.shown_key(actions.untold(consultation)))
    mails = OutgoingMessage.objects.filter(purpose=emails.fates_told.purpose)
    mails.update(state="sent", sent_at=timezone.now(), attempts=1)
    told = {fate.submission_id: fate for fate in Fate.objects.filter(letter__consultation=consultation)}
    for key, verb, words in (("s02", "agree", ""), ("s04", "object", OBJECTION)):
        fate = told[submissions[key].pk]
        speaker = register.speakers[fate.letter.organisation_id]
        actions.answer_fate(fate, by=speaker, verb=verb, words=words, wants_alone=bool(words))
