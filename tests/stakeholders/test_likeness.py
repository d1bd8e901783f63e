"""Which other organisations are found to be alike, and why; how many queries that takes, however long the register."""

import pytest

from stakeholders import likeness
from stakeholders.models import Organisation
from tests import build

NAME = "Serikat Buruh Migran Blitar"


def found(organisation):
    """Return why each look-alike was found, by its name."""
    return {one.organisation.name: list(one.why) for one in likeness.look_alikes(organisation)}


@pytest.mark.parametrize(
    ("mine", "theirs", "why"),
    [
        ({"name": NAME}, {"name": NAME.upper()}, ["name", "words"]),
        ({"name": NAME}, {"name": "Serikat\u200b Buruh Migran Blitar"}, ["name", "words"]),
        ({"name": NAME}, {"name": NAME.replace("a", "\u0430")}, ["letters", "words"]),
        ({"name": NAME}, {"name": "Other", "other_names": [{"text": NAME, "kind": "former"}]}, ["name", "words"]),
        ({"name": "Union of Blitar", "name_ind": NAME}, {"name": NAME}, ["name", "words"]),
        ({"name": "សមាគមកម្មករ"}, {"name": "Khmer", "other_names": [{"text": "សមាគមកម្មករ"}]}, ["name", "words"]),
        ({"name": NAME}, {"name": "Buruh Migran Blitar Serikat"}, ["words"]),
        ({"name": NAME}, {"name": "Serikat Buruh Migran Bliter"}, ["words"]),
        ({"name": NAME}, {"name": "Serikat Nelayan Tegal"}, None),
        ({"name": "One", "acronym": "SBMB"}, {"name": "Two", "acronym": "sbmb"}, ["acronym"]),
        ({"name": "One", "acronym": "SBMB"}, {"name": "Two", "acronym": "SBMB", "country": "TH"}, None),
        ({"name": "One", "acronym": "SBMB"}, {"name": "SBMB", "country": "TH"}, ["name"]),
        ({"contact_email": "a@example.org"}, {"name": "Two", "contact_email": "A@example.org"}, ["address"]),
        ({"website": "https://www.a.example/id"}, {"name": "Two", "website": "http://a.example"}, ["website"]),
        ({"website": "https://www.a.example"}, {"name": "Two", "website": "https://aa.example"}, None),
        ({"website": "https://facebook.com/one"}, {"name": "Two", "website": "https://facebook.com/two"}, None),
        (
            {"website": "https://facebook.com/one"},
            {"name": "Two", "website": "https://m.facebook.com/One/"},
            ["website"],
        ),
        ({"contact_phone": "+62 812-3456-7890"}, {"name": "Two", "contact_phone": "0812 3456 7890"}, ["telephone"]),
        ({"contact_phone": "12"}, {"name": "Two", "contact_phone": "12"}, None),
    ],
)
def test_why(db, mine, theirs, why):
    if "country" in theirs:
        theirs = {**theirs, "country": build.make_country(theirs["country"])}
    build.make_organisation(**theirs)
    expected = {} if why is None else {theirs["name"]: why}
    assert found(build.make_organisation(**mine)) == expected


@pytest.mark.parametrize("state", ["merged", "dissolved"])
def test_what_is_gone_is_not_alike(db, state):
    build.make_organisation(name=NAME, state=state, contact_email="a@example.org")
    assert found(build.make_organisation(name=NAME, contact_email="a@example.org")) == {}


def test_withheld_ones_are_found_and_the_likeliest_comes_first(db):
    build.make_organisation(name="Serikat Buruh Migran Bliter", visibility="withheld")
    build.make_organisation(name=NAME, acronym="SBMB")
    assert list(found(build.make_organisation(name=NAME, acronym="SBMB"))) == [NAME, "Serikat Buruh Migran Bliter"]


@pytest.mark.parametrize("count", [1, 60])
def test_queries_do_not_grow(db, django_assert_num_queries, count):
    for number in range(count):
        build.make_organisation(name=f"{NAME} {number}", website="https://a.example")
    organisation = build.make_organisation(name=NAME, website="https://a.example")
    with django_assert_num_queries(4):
        assert len(likeness.look_alikes(organisation)) == min(count, likeness.SHOWN)


def test_reasons_are_words(db):
    build.make_organisation(name=NAME)
    [one] = likeness.look_alikes(build.make_organisation(name=NAME))
    assert one.reasons == [
        {"label": "same name", "text": NAME},
        {"label": "nearly the same words", "text": NAME},
    ]
    assert Organisation.objects.count() == 2
