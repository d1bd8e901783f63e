"""Seats that are kept for groups and benches, and their sum against the total."""

import pytest

from consultations import actions
from consultations.balance import shares
from portal.models import LogEntry
from portal.states import Conflict, Refusal
from tests import build


@pytest.fixture
def consultation(cast):
    """Return an announced consultation with sixty seats."""
    return build.make_consultation(convenors=[cast.convenor])


@pytest.fixture
def unions(db):
    """Return a group of the workers' bench."""
    return build.make_group("trade-unions", bench="workers")


@pytest.fixture
def migrants(db):
    """Return a group of the civil society bench."""
    return build.make_group("migrant-workers-associations", bench="civil-society")


def kept(consultation) -> set:
    """Return what is kept for whom."""
    return {(one.group and one.group.slug, one.bench, one.seats) for one in consultation.quotas.all()}


def test_quotas_replace_each_other(cast, consultation, unions, migrants) -> None:
    first = {"groups": {unions: 10, migrants: 20}, "benches": {"government": 5}}
    actions.set_quotas(consultation, by=cast.convenor, version=1, seats=50, **first)
    assert kept(consultation) == {
        ("trade-unions", "", 10),
        ("migrant-workers-associations", "", 20),
        (None, "government", 5),
    }
    consultation.refresh_from_db()
    assert (consultation.seats, consultation.version) == (50, 2)
    actions.set_quotas(consultation, by=cast.convenor, version=2, seats=None, groups={unions: 8}, benches={})
    assert kept(consultation) == {("trade-unions", "", 8)}
    assert list(LogEntry.objects.values_list("verb", "detail").order_by("pk")) == [
        ("set_quotas", "3"),
        ("set_quotas", "1"),
    ]


def test_more_than_there_is_is_refused(cast, consultation, unions) -> None:
    with pytest.raises(Refusal) as refusal:
        actions.set_quotas(
            consultation, by=cast.convenor, version=1, seats=20, groups={unions: 15}, benches={"government": 10}
        )
    assert refusal.value.field == "seats"
    assert str(refusal.value.reason) == "25 seats are kept, and there are 20 in total: 5 too many."
    assert kept(consultation) == set()


def test_groups_lie_inside_their_bench(cast, consultation, unions) -> None:
    assert [share.total for share in shares({unions: 15}, {"workers": 20})] == [20]
    with pytest.raises(Refusal) as refusal:
        actions.set_quotas(
            consultation, by=cast.convenor, version=1, seats=60, groups={unions: 15}, benches={"workers": 10}
        )
    assert refusal.value.field == "bench_workers"


def test_none_is_kept_for_who_is_never_seated(cast, consultation) -> None:
    militia = build.make_group("militia", hearing="never")
    with pytest.raises(Refusal):
        actions.set_quotas(consultation, by=cast.convenor, version=1, seats=60, groups={militia: 1}, benches={})


def test_two_editors(cast, consultation, unions) -> None:
    actions.set_quotas(consultation, by=cast.convenor, version=1, seats=60, groups={unions: 15}, benches={})
    with pytest.raises(Conflict):
        actions.set_quotas(consultation, by=cast.second_convenor, version=1, seats=60, groups={unions: 9}, benches={})
    assert kept(consultation) == {("trade-unions", "", 15)}


@pytest.mark.parametrize("state", ["concluded", "archived", "cancelled"])
def test_not_once_it_is_over(cast, state) -> None:
    consultation = build.make_consultation(state=state)
    with pytest.raises(Refusal):
        actions.set_quotas(consultation, by=cast.convenor, version=1, seats=60, groups={}, benches={})
