"""What goes with the submissions of the consultation that lies ahead: a joint draft, evidence, a correction, a code."""

from datetime import timedelta

from consultations.models import Consultation
from consultations.papers import prepare
from portal import clock
from portal.demo.register import Register
from recommendations import actions
from recommendations.models import Submission

KEPT, ASKED, NAMED, CORRECTED = "bakung-raya", "bakung-raya", "nawangsari", "rumah-aman-selat"
ASKS = "keluarga-lamaholot"
CORRECTION_DAYS = 5
EVIDENCE = """Contoh perjanjian kerja yang diterima pekerja setibanya di negara tujuan (nama dihapus).

Upah: berbeda dari perjanjian yang ditandatangani sebelum berangkat.
Hari libur: tidak disebut.
Paspor: “disimpan oleh majikan”.
"""


def hand_in(consultation: Consultation, register: Register) -> None:
    """Let organisations do around their submissions what they would at this point."""
    closes = consultation.input_closes
    if closes:
        consultation.corrections_until = (closes + timedelta(days=CORRECTION_DAYS)).date()
        consultation.save(update_fields=["corrections_until"])
    own = _draft(consultation, KEPT)
    actions.add_evidence(
        own, by=own.author, prepared=prepare(EVIDENCE.encode(), "contoh.txt"), title="Perjanjian yang diganti"
    )
    actions.name_co_submitter(own, by=own.author, organisation=register.organisations[NAMED])
    _ask(consultation, register)
    _correct(consultation)
    actions.give_late_code(
        consultation,
        by=register.convenors[1],
        organisation=register.organisations[ASKS],
        until=clock.end_of_day((closes or clock.database_now()).date() + timedelta(days=2), consultation.time_zone),
        reason="The ferry to Larantuka stood still for a week; they asked by telephone.",
    )


def _draft(consultation: Consultation, slug: str) -> Submission:
    drafts = consultation.submissions.filter(organisation__slug=slug, state="draft").select_related("author")
    found: Submission = drafts.order_by("pk")[0]
    return found


def _ask(consultation: Consultation, register: Register) -> None:
    """Families ask the union of domestic workers to stand behind their draft. No mail of the demonstration says so."""
    draft = _draft(consultation, ASKS)
    asked = actions.name_co_submitter(draft, by=draft.author, organisation=register.organisations[ASKED])
    asked.move("ask_again", asked_version=draft.version)


def _correct(consultation: Consultation) -> None:
    """One of those that wait for a decision says more exactly who is concerned."""
    sent = consultation.submissions.filter(organisation__slug=CORRECTED, state="submitted", treatment="")
    one = sent.select_related("author").get()
    words = {"text": one.text, "reason": one.reason, "concerned": "Perempuan yang dideportasi, dengan atau tanpa anak"}
    actions.correct_submission(one, by=one.author, version=one.version, **words)
