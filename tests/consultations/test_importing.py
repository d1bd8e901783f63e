"""A list of names and addresses beside the register: who is meant, and why somebody cannot be invited."""

import pytest
from django.core import signing

from consultations.importing import Fit, Line, folded, matches, of_sheet, pasted, unfolded
from stakeholders.importing.reading import Sheet
from stakeholders.importing.workbooks import Unreadable
from tests import build


@pytest.fixture
def consultation(cast):
    """Return an announced consultation."""
    return build.make_consultation(convenors=[cast.convenor])


def fits(consultation, typed: str) -> list[tuple[str, str]]:
    """Return what became of each pasted row, with the slug of whom it means."""
    found = matches(consultation, pasted(typed))
    return [(one.fit.value, one.organisation.slug if one.organisation else "") for one in found]


def test_lines_hold_names_and_addresses() -> None:
    typed = (
        "Serikat Buruh <Office@Example.org>\n\n\u200b\nAlpha; APWLD\tbeta@example.org, gamma@example.org\n"
        "mailto:x@example.org\nSerikat Buruh Migran (SBM) (sbm@example.org)"
    )
    assert pasted(typed) == [
        Line(1, ("Serikat Buruh",), ("office@example.org",)),
        Line(4, ("Alpha; APWLD", "Alpha", "APWLD"), ("beta@example.org", "gamma@example.org")),
        Line(5, (), ("x@example.org",)),
        Line(6, ("Serikat Buruh Migran (SBM)", "Serikat Buruh Migran", "SBM"), ("sbm@example.org",)),
    ]


def test_only_columns_that_say_who_it_is_count() -> None:
    rows = [(1, ["No", "Organisation", "E-mail", "Country"]), (2, ["7", "Union A", "a@example.org", "Indonesia"])]
    assert of_sheet(Sheet("List", rows)) == [Line(2, ("Union A",), ("a@example.org",))]
    assert of_sheet(Sheet("", [(1, ["Union A"]), (2, ["b@example.org"])])) == [
        Line(1, ("Union A",)),
        Line(2, (), ("b@example.org",)),
    ]


def test_found_by_name_in_any_script_by_acronym_and_by_address(cast, consultation) -> None:
    union = build.make_organisation(
        name="Serikat Buruh Migran",
        slug="union",
        acronym="SBM",
        other_names=[{"text": "สหภาพแรงงานข้ามชาติ", "lang": "th", "kind": "other"}],
        contact_email="office@sbm.example",
    )
    build.make_member(union, email="ibu@sbm.example")
    names = "serikat  buruh migran\nสหภาพแรงงานข้ามชาติ\nSBM\nSerik\u0430t Buruh Migran"
    typed = f"{names}\noffice@SBM.example\nIbu Rini <ibu@sbm.example>"
    assert [slug for _fit, slug in fits(consultation, typed)] == ["union"] * 6
    assert [fit for fit, _slug in fits(consultation, typed)] == ["found", *["twice"] * 5]


def test_why_somebody_cannot_be_invited(cast, consultation) -> None:
    build.make_organisation(name="Village Guard", slug="guard", groups=[build.make_group("militia", hearing="never")])
    build.make_organisation(name="Paused Union", slug="paused", state="suspended")
    build.make_invitation(consultation, build.make_organisation(name="Invited Union", slug="invited"), state="revoked")
    assert fits(consultation, "Village Guard\nPaused Union\nInvited Union\nXyzzy Quux") == [
        ("never", "guard"),
        ("closed", "paused"),
        ("there", "invited"),
        ("unknown", ""),
    ]


def test_several_are_a_choice_unless_the_address_tells(cast, consultation) -> None:
    first, second = (build.make_organisation(name="Rumah Migran", slug=slug) for slug in ("first", "second"))
    (match,) = matches(consultation, pasted("Rumah Migran"))
    assert (match.fit, match.others) == (Fit.SEVERAL, [first, second])
    assert fits(consultation, f"Rumah Migran, {second.contact_email}") == [("found", "second")]


def test_a_list_that_was_taken_over_asks_nothing_again(cast, consultation) -> None:
    first = build.make_organisation(name="Rumah Migran", slug="first")
    build.make_organisation(name="Rumah Migran", slug="second")
    build.make_invitation(consultation, first)
    assert fits(consultation, "Rumah Migran") == [("there", "first")]


def test_nearly_the_same_words_are_offered(cast, consultation) -> None:
    union = build.make_organisation(name="Union of Domestic Workers in Jakarta")
    guard = build.make_organisation(name="Union of Domestic Worker in Jakarta")
    (match,) = matches(consultation, pasted("Union of Domestic Workers Jakarta"))
    assert (match.fit, set(match.others)) == (Fit.SEVERAL, {union, guard})
    guard.groups.add(build.make_group("militia", hearing="never"))
    build.make_invitation(consultation, union)
    (match,) = matches(consultation, pasted("Union of Domestic Workers Jakarta"))
    assert (match.fit, match.others) == (Fit.UNKNOWN, [])


def test_a_record_that_was_merged_means_the_one_that_was_kept(cast, consultation) -> None:
    kept = build.make_organisation(name="Kept", slug="kept")
    build.make_organisation(name="Old Name", state="merged", merged_into=kept)
    assert fits(consultation, "Old Name") == [("found", "kept")]


def test_the_list_travels_folded_and_cannot_be_made_up() -> None:
    lines = pasted("Serikat Buruh <a@example.org>\nสหภาพ")
    carried = folded(lines)
    assert unfolded(carried) == lines
    with pytest.raises(signing.BadSignature):
        unfolded(carried[:-1] + ("A" if carried[-1] != "A" else "B"))


def test_too_many_rows() -> None:
    assert len(pasted("a\n" * 5000)) == 5000
    with pytest.raises(Unreadable) as problem:
        pasted("a\n" * 5001)
    assert problem.value.code == "too-many-rows"


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_rows_that_are_found(cast, consultation, count, django_assert_num_queries) -> None:
    names = [build.make_organisation().name for _index in range(count)]
    lines = pasted("\n".join(names))
    with django_assert_num_queries(5):
        matches(consultation, lines)
