"""What is out of balance at the table, and what mends it."""

import pytest

from consultations.balance import gaps
from stakeholders.querysets import standing_of
from tests import build


@pytest.fixture
def consultation(cast):
    """Return an announced national consultation in Indonesia."""
    return build.make_consultation(convenors=[cast.convenor])


@pytest.fixture
def balanced(consultation):
    """Return a migrants' association of women from the destination side, invited, with a union."""
    group = build.make_group("migrant-workers-associations", bench="civil-society")
    organisation = build.make_organisation(groups=[group], side="destination")
    build.make_trait(organisation, "basis", "women")
    build.make_invitation(consultation, organisation, state="drafted", bench="civil-society")
    build.make_invitation(consultation, build.make_organisation(), state="sent", bench="workers")
    return organisation


def codes(cast, consultation) -> list[str]:
    """Return which gaps there are."""
    return [gap.code for gap in gaps(consultation, standing_of(cast.convenor))]


def test_nothing_is_said_while_nobody_is_on_the_list(cast, consultation) -> None:
    assert codes(cast, consultation) == []


def test_a_table_in_balance(cast, consultation, balanced) -> None:
    assert codes(cast, consultation) == []


def test_who_is_missing(cast, consultation) -> None:
    build.make_invitation(consultation, build.make_organisation(country=build.make_country("TH")))
    found = list(gaps(consultation, standing_of(cast.convenor)))
    assert [(gap.code, gap.text) for gap in found] == [
        ("migrants", "No migrants' own organisation is on the list."),
        ("women", "No women's group is on the list."),
        ("destination", "Nobody on the list is from the destination side."),
        ("countries", "No organisation on the list is from: ID."),
    ]
    assert [mend.page + mend.query for gap in found for mend in gap.mends] == [
        "invitation_pick?group=migrant-workers-associations",
        "invitation_pick?basis=women",
        "invitation_pick?side=destination",
        "invitation_pick?country=ID",
    ]


@pytest.mark.parametrize("state", ["revoked", "declined", "lapsed"])
def test_who_will_not_come_fills_no_gap(cast, consultation, balanced, state) -> None:
    balanced.invitations.update(state=state)
    assert codes(cast, consultation) == ["migrants", "women", "destination"]


@pytest.mark.parametrize("bench", ["employers", ""])
def test_employers_outnumber_workers(cast, consultation, balanced, bench) -> None:
    employers = build.make_group("employers", bench="employers", hearing="own-bench")
    organisation = build.make_organisation(groups=[employers])
    invitation = build.make_invitation(consultation, organisation, bench=bench, seats_offered=4)
    assert codes(cast, consultation) == []
    invitation.seats_offered = 5
    invitation.save()
    (gap,) = gaps(consultation, standing_of(cast.convenor))
    assert gap.text == "Employers outnumber workers: 5 seats beside 4."
    assert [mend.query for mend in gap.mends] == ["?bench=workers", "?by=bench&row=employers"]


def test_an_excluded_kind_is_on_the_list(cast, consultation, balanced) -> None:
    balanced.groups.add(build.make_group("militia", hearing="never"))
    balanced.state = "suspended"
    balanced.save()
    found = list(gaps(consultation, standing_of(cast.convenor)))
    assert [(gap.code, gap.mends[0].query) for gap in found] == [
        ("never", "?kind=never"),
        ("unverified", "?kind=unverified"),
    ]
    assert found[0].text == "1 organisation on the list belongs to a group that is never seated."


@pytest.mark.parametrize(
    ("level", "country", "missing"),
    [("regional", "ID", ["TH"]), ("global", None, ["TH"]), ("national", "ID", []), ("thematic", None, ["TH"])],
)
def test_every_country_of_the_level(cast, consultation, balanced, level, country, missing) -> None:
    build.make_country("TH")
    consultation.level, consultation.country_id = level, country
    consultation.save()
    found = [gap for gap in gaps(consultation, standing_of(cast.convenor)) if gap.code == "countries"]
    assert [mend.query.removeprefix("?country=") for gap in found for mend in gap.mends] == missing


@pytest.mark.parametrize(("kind", "doubled"), [("branch", True), ("affiliate", True), ("network", False)])
def test_a_branch_and_its_centre_weigh_double(cast, consultation, balanced, kind, doubled) -> None:
    centre, branch = build.make_organisation(name="National Centre"), build.make_organisation(name="Branch in Java")
    build.make_link(branch, centre, kind=kind)
    build.make_invitation(consultation, branch)
    assert codes(cast, consultation) == []
    build.make_invitation(consultation, centre, state="drafted")
    found = [gap.text for gap in gaps(consultation, standing_of(cast.convenor))]
    assert found == (["National Centre weighs double: on the list with it are Branch in Java."] if doubled else [])
    assert consultation.invitations.tied(["branch", "affiliate"]).count() == (2 if doubled else 0)


def test_public_bodies_and_persons_are_no_organisations(cast, consultation, balanced) -> None:
    build.make_invitation_of_body(consultation, cast.body, bench="government")
    build.make_invitation_of_person(consultation, bench="academic")
    assert codes(cast, consultation) == []


def test_three_queries_however_many(cast, consultation, balanced, django_assert_num_queries) -> None:
    for _index in range(3):
        build.make_invitation(consultation)
    standing = standing_of(cast.convenor)
    with django_assert_num_queries(3):
        list(gaps(consultation, standing))
