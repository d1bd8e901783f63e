"""The canonical form is the same for the same words, and different for any other."""

import json
from datetime import date
from types import SimpleNamespace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommendations import canonical
from recommendations.actions.editions import number_in_sections
from recommendations.models import Statement
from stakeholders.models import PublicBody

DAY = date(2007, 5, 12)
# A busy machine must not fail a true property: only the property counts here, not how fast examples are made.
property_of = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
# What the database can hold: any text without lone surrogates and without a null.
texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1, max_size=12)
sections = st.sampled_from([None, "ID", "MY", "TL"])
bodies = st.lists(
    st.builds(PublicBody, slug=st.sampled_from("abcdef"), name_en=texts, name_ind=texts),
    max_size=2,
    unique_by=lambda body: body.slug,
)
entries = st.builds(
    canonical.Entry,
    section=sections,
    number=st.integers(1, 40),
    texts=st.fixed_dictionaries({"en": texts}, optional={"id": texts}),
    addressees=bodies,
)
some = st.lists(entries, max_size=5, unique_by=lambda entry: (entry.section, entry.number))


def statement(**values) -> Statement:
    """Return a statement that is in no database."""
    return Statement(**{"official_title": "Title", "title_en": "A", "title_ind": "B", "preamble_en": "We…", **values})


def form(given_entries) -> str:
    """Return the canonical form of edition 1 with these entries."""
    return canonical.form(statement(), number=1, adopted_on=DAY, entries=given_entries)


@property_of
@given(some, st.randoms(use_true_random=False))
def test_the_order_of_reading_changes_nothing(found, chance):
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert form(shuffled) == form(found)


@property_of
@given(some)
def test_every_word_can_be_read_back(found):
    content = json.loads(form(found))
    read = {
        (None if section["section"] == "ASEAN" else section["section"], item["number"]): (
            item["text"],
            {body["slug"]: body["name"] for body in item["addressees"]},
        )
        for section in content["sections"]
        for item in section["items"]
    }
    assert read == {
        (one.section, one.number): (
            one.texts,
            {body.slug: {"en": body.name_en, "id": body.name_ind} for body in one.addressees},
        )
        for one in found
    }


@property_of
@given(some.filter(bool), texts)
def test_another_word_is_another_fingerprint(found, word):
    first, *rest = found
    changed = canonical.Entry(first.section, first.number, {**first.texts, "en": first.texts["en"] + word}, [])
    assert canonical.fingerprint(form([changed, *rest])) != canonical.fingerprint(form(found))


@property_of
@given(some)
def test_it_ends_with_one_line_feed_and_has_sorted_keys(found):
    made = form(found)
    assert made.endswith("}\n")
    content = json.loads(made)
    assert list(content) == sorted(content)
    assert made == json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"


@property_of
@given(st.lists(sections, max_size=40))
def test_numbers_run_from_one_in_each_section_without_gaps(drawn):
    rows = [SimpleNamespace(section_id=section, place=place) for place, section in enumerate(drawn)]
    numbered = list(number_in_sections(rows))
    assert [one.place for _number, one in numbered] == list(range(len(drawn)))
    for section in set(drawn):
        numbers = [number for number, one in numbered if one.section_id == section]
        assert numbers == list(range(1, drawn.count(section) + 1))


def test_letters_stand_as_they_were_typed():
    composed, decomposed = "\u00e9", "e\u0301"
    assert composed in form([canonical.Entry(None, 1, {"en": composed}, [])])
    assert decomposed in form([canonical.Entry(None, 1, {"en": decomposed}, [])])


def test_the_documented_form_to_the_letter():
    body = PublicBody(slug="manpower", name_en="Ministry of Manpower", name_ind="")
    made = form([canonical.Entry("ID", 1, {"en": "Act."}, [body]), canonical.Entry(None, 1, {"en": "Ban."}, [])])
    assert made == (
        '{"adopted_on":"2007-05-12","number":1,"official_title":"Title","preamble":{"en":"We…"},'
        '"prevailing_language":"en","schema":"mufakat.edition/1","sections":[{"items":[{"addressees":[],"number":1,'
        '"text":{"en":"Ban."}}],"section":"ASEAN"},{"items":[{"addressees":[{"name":{"en":"Ministry of Manpower"},'
        '"slug":"manpower"}],"number":1,"text":{"en":"Act."}}],"section":"ID"}],"title":{"en":"A","id":"B"}}\n'
    )
    assert canonical.fingerprint("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
