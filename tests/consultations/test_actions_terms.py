"""A convenor's term ends only where no consultation at work is left with too few."""

import pytest
from django.utils import timezone

from consultations import actions
from portal.states import Refusal
from stakeholders.models import Convenorship
from tests import build
from tests.conftest import PEOPLE


@pytest.fixture
def administrator(db):
    return build.make_administrator()


def term(user):
    """Return the person's term."""
    return Convenorship.objects.get(user=user)


@pytest.mark.parametrize("who", PEOPLE[:-1])
def test_nobody_else_ends_a_term(cast, who):
    with pytest.raises(Refusal):
        actions.end_convenorship(term(cast.second_convenor), by=cast.people()[who])


@pytest.mark.parametrize(
    ("state", "ends"),
    [("draft", True), ("announced", False), ("in_session", False), ("concluded", True), ("cancelled", True)],
)
def test_consultations_at_work_keep_two(cast, administrator, state, ends):
    build.make_convenor()
    build.make_consultation(state=state, convenors=[cast.convenor, cast.second_convenor])
    if ends:
        actions.end_convenorship(term(cast.convenor), by=administrator)
    else:
        with pytest.raises(Refusal, match="1 consultation at work would have fewer than 2 convenors"):
            actions.end_convenorship(term(cast.convenor), by=administrator)
    assert Convenorship.objects.convening(timezone.localdate()).filter(user=cast.convenor).exists() is not ends


def test_a_third_convenor_there_is_enough(cast, administrator):
    build.make_consultation(convenors=[cast.convenor, cast.second_convenor, build.make_convenor()])
    actions.end_convenorship(term(cast.convenor), by=administrator)
    with pytest.raises(Refusal):
        actions.end_convenorship(term(cast.second_convenor), by=administrator)


def test_two_stay_while_anything_is_at_work(cast, administrator):
    others = [build.make_convenor(), build.make_convenor()]
    build.make_consultation(convenors=[cast.convenor, cast.second_convenor])
    for other in others:
        actions.end_convenorship(term(other), by=administrator)
    with pytest.raises(Refusal):
        actions.end_convenorship(term(cast.convenor), by=administrator)


def test_another_term_of_the_same_person_is_enough(cast, administrator):
    build.make_consultation(convenors=[cast.convenor, cast.second_convenor])
    first = term(cast.convenor)
    Convenorship.objects.create(user=cast.convenor)
    actions.end_convenorship(first, by=administrator)
