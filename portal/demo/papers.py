"""Papers of the two made-up consultations: short texts, through the action that every paper takes."""

from consultations import actions
from consultations.models import Consultation
from consultations.papers import prepare
from portal.demo.facts import read
from portal.demo.register import Register


def attach(added: list[Consultation], register: Register) -> None:
    """Attach the papers of those consultations that were just added."""
    facts = read("papers")
    by = register.convenors[0]
    for consultation in added:
        for row in facts.get(consultation.slug, []):
            prepared = prepare(row["text"].encode(), f"{row['language']}.txt")
            actions.add_paper(
                consultation,
                by=by,
                prepared=prepared,
                title_en=row["title"]["en"],
                title_ind=row["title"]["id"],
                language=row["language"],
                public=row["public"],
            )
