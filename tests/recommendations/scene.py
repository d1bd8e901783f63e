"""A consultation with everything that the tests from submission to adoption stand on."""

from dataclasses import dataclass
from typing import Any

from consultations.models import Consultation, Invitation
from recommendations.models import Recommendation, Statement, Submission
from tests import build
from tests.conftest import Cast


@dataclass(slots=True)
class Scene:
    """One consultation, its draft statement, two accepted organisations, three submissions."""

    cast: Cast
    consultation: Consultation
    statement: Statement
    submissions: list[Submission]
    invitations: list[Invitation]


def make_scene(cast: Cast, **values: Any) -> Scene:
    """Return the scene: both convenors convene, both organisations accepted, three submissions came in."""
    consultation = build.make_consultation(convenors=[cast.convenor, cast.second_convenor], **values)
    invitations = [
        build.make_invitation(consultation, organisation, state="accepted")
        for organisation in (cast.organisation, cast.other_organisation)
    ]
    submissions = [
        build.make_submission(consultation, cast.organisation, cast.representative, text="Ban fees."),
        build.make_submission(consultation, cast.organisation, cast.representative, text="Stop fees for workers."),
        build.make_submission(consultation, cast.other_organisation, cast.other_member, text="No fees, ever."),
    ]
    for submission in submissions:
        submission.addressees.add(cast.body)
    return Scene(cast, consultation, build.make_statement(consultation), submissions, invitations)


def table(scene: Scene, national: int = 1, asean: int = 2) -> list[Recommendation]:
    """Put that many recommendations into the statement and table it, as an action would leave it."""
    made = [build.make_recommendation(scene.statement, state="tabled") for _ in range(asean)]
    country = build.make_country()
    made += [build.make_recommendation(scene.statement, state="tabled", section=country) for _ in range(national)]
    scene.statement.state = "tabled"
    scene.statement.save()
    return made
