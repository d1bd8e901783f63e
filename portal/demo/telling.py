"""What follows from the concluded consultation: steps done, due and to come, and words for a summary not sent yet."""

from consultations.models import Consultation, FollowUp, Wording
from portal.demo.facts import Calendar, both
from portal.models import User

STEPS = (
    (
        -35,
        -36,
        "The statement goes to the Secretary of State and to the ASEAN Secretariat",
        "Pernyataan disampaikan kepada Sekretaris Negara dan Sekretariat ASEAN",
    ),
    (
        0,
        None,
        "The task force asks the Secretary of State for a talk about the open items",
        "Gugus tugas meminta pembicaraan dengan Sekretaris Negara tentang butir yang belum ditanggapi",
    ),
    (
        20,
        None,
        "A report on the answers goes to everybody who was invited",
        "Laporan tentang tanggapan dikirim kepada semua yang diundang",
    ),
)
WORDS = {
    "en": "Thank you to all who came, and to those who could not. The statement is out, "
    "and the first answers are here.",
    "id": "Terima kasih kepada semua yang hadir, juga yang berhalangan. Pernyataan sudah terbit, "
    "dan tanggapan pertama sudah ada.",
}


def follow_up(consultation: Consultation, calendar: Calendar, by: User) -> None:
    """Write the next steps, and the convenors' words for the summary that the desk asks for."""
    for due, done, english, indonesian in STEPS:
        FollowUp.objects.create(
            consultation=consultation,
            due_on=calendar.day(due),
            done_at=calendar.at(calendar.day(done), "15:00") if done is not None else None,
            by=by,
            **both("text", {"en": english, "id": indonesian}),
        )
    for language, body in WORDS.items():
        Wording.objects.create(consultation=consultation, kind="summary", language=language, body=body)
