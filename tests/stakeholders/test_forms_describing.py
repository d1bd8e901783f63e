"""The pages of a profile with hostile input: what is refused beside which field, what is kept as typed."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from stakeholders.forms import EDITED, PARTS, AppealForm, Draft
from stakeholders.forms.lines import language_of
from stakeholders.models import OrganisationLink, Trait
from tests import build
from tests.stakeholders.applying import answers

NOBODY = AnonymousUser()


def posted(fields):
    """Return the fields as a browser would send them."""
    data = QueryDict(mutable=True)
    for name, value in fields.items():
        data.setlist(name, [str(one) for one in (value if isinstance(value, list) else [value])])
    return data


def filled(part, **changed):
    """Return the form of a page, filled in rightly but for the changes."""
    return PARTS[part](posted({**answers()[part], **changed}), by=NOBODY)


def wrong(part, **changed):
    """Return the names of the fields that are refused."""
    return list(filled(part, **changed).errors)


@pytest.mark.parametrize("part", PARTS)
def test_right_answers_are_right(db, part):
    assert wrong(part) == []


@pytest.mark.parametrize(
    "name",
    ["សហជីពពលករចំណាកស្រុក", "کساتوان بوروه مهاجر", "\U0001f30f\U0001f91d", "အလုပ်သမား", "Công đoàn", "O'Brien & <b>"],
)
def test_names_of_any_script_stay_as_typed(db, name):
    form = filled("names", name_en=name, name_ind="", other=f"{name} dua\n{name} dua")
    assert form.is_valid()
    values = form.values()
    assert (values["name_en"], [one["text"] for one in values["other_names"]][:1]) == (name, [f"{name} dua"])


@pytest.mark.parametrize("name", ["", " ", "\u200b\u200b", "\u2060\u3164", "\u202e", "\u2800"])
def test_name_that_shows_nothing_is_no_name(db, name):
    assert "name_en" in wrong("names", name_en=name, name_ind="")


@pytest.mark.parametrize("column", ["name_en", "name_ind"])
def test_one_name_in_one_language_is_enough(db, column):
    assert wrong("names", **{"name_en": "", "name_ind": "", column: "Serikat"}) == []


@pytest.mark.parametrize(
    ("part", "field"),
    [
        ("names", "name_en"),
        ("names", "acronym"),
        ("names", "other"),
        ("names", "former"),
        ("work", "introduction"),
        ("where", "other_networks"),
        ("contact", "contact_name"),
        ("contact", "contact_phone"),
        ("contact", "registration"),
    ],
)
def test_twenty_thousand_characters_are_refused_in_words(db, part, field):
    form = filled(part, **{field: "ក" * 20_000})
    assert (form.is_valid(), list(form.errors)) == (False, [field])
    assert form[field].value() == "ក" * 20_000


@pytest.mark.parametrize("field", ["name_en", "acronym", "other", "former"])
@pytest.mark.parametrize("name", ["See https://evil.example", "www.evil.example"])
def test_name_carries_no_web_address_into_a_strangers_mailbox(db, field, name):
    assert wrong("names", **{field: name}) == [field]


def test_too_many_lines_are_refused(db):
    assert wrong("names", other="\n".join(f"Name {number}" for number in range(21))) == ["other"]
    assert wrong("where", other_networks="\n".join(f"Name {number}" for number in range(11))) == ["other_networks"]


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("សហជីព", "km"),
        ("สหภาพ", "th"),
        ("ສະຫະພັນ", "lo"),
        ("အလုပ်", "my"),
        ("சங்கம்", "ta"),
        ("工会", "zh-hans"),
        ("Serikat", ""),
        ("1", ""),
    ],
)
def test_script_tells_the_language_where_it_can(name, language):
    assert language_of(name) == language


@pytest.mark.parametrize(
    "address", ["sekretariat@\u200bexample.org", " Sekretariat@Example.org ", "mailto:sekretariat@example.org"]
)
def test_address_is_cleaned(db, address):
    form = filled("contact", contact_email=address)
    assert (form.is_valid(), form.cleaned_data["contact_email"]) == (True, "sekretariat@example.org")


@pytest.mark.parametrize("address", ["", "x", "a@b", "sekretariаt@example.org", "a@example.org, b@example.org"])
def test_wrong_address_is_refused(db, address):
    assert wrong("contact", contact_email=address) == ["contact_email"]


@pytest.mark.parametrize("site", ["javascript:alert(1)", "nonsense here", "https://x.org/" + "a" * 300])
def test_wrong_web_address_is_refused(db, site):
    assert wrong("contact", website=site) == ["website"]


def test_web_address_without_its_beginning_is_understood(db):
    form = filled("contact", website="www.example.org")
    assert (form.is_valid(), form.cleaned_data["website"]) == (True, "https://www.example.org")


@pytest.mark.parametrize(
    ("part", "changed", "fields"),
    [
        ("who", {"groups": []}, ["groups"]),
        ("who", {"groups": ["999999"]}, ["groups"]),
        ("who", {"groups": ["x' OR 1=1"]}, ["groups"]),
        ("who", {"groups": ["9" * 19]}, ["groups"]),
        ("who", {"groups": ["9" * 400]}, ["groups"]),
        ("who", {"groups": ["-1"]}, ["groups"]),
        ("where", {"networks": ["9" * 40]}, ["networks"]),
        ("where", {"networks": ["1.5"]}, ["networks"]),
        ("where", {"countries": ["9" * 400]}, ["countries"]),
        ("who", {"bases": [], "issues": []}, ["bases"]),
        ("who", {"bases": ["kings"]}, ["bases"]),
        ("work", {"service_health": "x"}, ["service_health"]),
        ("where", {"side": ""}, ["side"]),
        ("where", {"country": "XX"}, ["country"]),
        ("where", {"languages": ["tlh"]}, ["languages"]),
        ("shown", {"visibility": ""}, ["visibility"]),
        ("shown", {"visibility": "secret"}, ["visibility"]),
    ],
)
def test_choices_that_are_not_offered_are_refused(db, part, changed, fields):
    assert wrong(part, **changed) == fields


def test_saying_nothing_of_its_work_is_refused(db):
    assert list(PARTS["work"](posted({"introduction": ""}), by=NOBODY).errors) == ["introduction"]


@pytest.mark.parametrize("hearing", ["never", "public"])
def test_groups_that_do_not_apply_are_not_offered(db, hearing):
    group = build.make_group("militia", hearing=hearing)
    assert wrong("who", groups=[str(group.pk)]) == ["groups"]
    assert group not in PARTS["who"](by=NOBODY).fields["groups"].queryset


# What a reader may pick from


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("anonymous", {"public"}),
        ("stranger", {"public"}),
        ("representative", {"public", "members"}),
        ("convenor", {"public", "members", "withheld"}),
    ],
)
def test_networks_are_those_that_the_reader_sees(cast, who, seen):
    for visibility in ("public", "members", "withheld"):
        build.make_organisation(name=visibility, visibility=visibility, level="regional")
    build.make_organisation(name="applicant", level="regional", state="applied")
    offered = PARTS["where"](by=cast.people()[who] or NOBODY).fields["networks"]
    names = {offered.label_from_instance(one) for one in offered.queryset}
    assert names - {"applicant"} == seen
    assert ("applicant" in names) is (who == "convenor")


@pytest.mark.parametrize("name", ["Jaringan Utara", "JARINGAN\u200b UTARA"])
@pytest.mark.parametrize(("visibility", "tied"), [("public", True), ("withheld", False), ("members", False)])
def test_typed_network_becomes_a_tie_only_where_the_reader_could_find_it(db, name, visibility, tied):
    network = build.make_organisation(name="Jaringan Utara", visibility=visibility)
    form = filled("where", other_networks=name)
    assert form.is_valid()
    assert form.values()["networks"] == [(network, "")] if tied else [(None, form.cleaned_data["other_networks"][0])]


def test_networks_offered_are_few_and_their_queries_fixed(db, django_assert_num_queries):
    for _number in range(3):
        build.make_organisation(level="regional")
    with django_assert_num_queries(1 + 1 + 1 + 1 + 1):  # countries twice, seat, networks, their groups
        str(PARTS["where"](by=NOBODY))
    for _number in range(60):
        build.make_organisation(level="global")
    assert len(PARTS["where"](by=NOBODY).fields["networks"].queryset) == 40


# Changing what is on record


def edited(part, organisation, by, **changed):
    """Return the form of a page on record, sent back as it stands but for the changes."""
    blank = EDITED[part](by=by, organisation=organisation)
    data = {name: blank[name].value() for name in blank.fields}
    sent = {name: value for name, value in {**data, **changed}.items() if value not in (None, False, "")}
    return EDITED[part](posted(sent), by=by, organisation=organisation)


@pytest.mark.parametrize("keep", [True, False])
def test_renaming_keeps_the_old_name_when_told_to(cast, keep):
    form = edited(
        "names", cast.organisation, cast.representative, name_en="Nama Baru", keep_former="on" if keep else ""
    )
    assert form.is_valid()
    former = [{"text": "Serikat Pekerja Rumah Tangga", "lang": "en", "kind": "former"}]
    assert form.values()["other_names"] == (former if keep else [])


def test_unchanged_names_make_no_former_one(cast):
    form = edited("names", cast.organisation, cast.representative)
    assert form.is_valid()
    assert form.values()["other_names"] == []


def test_aliases_and_known_languages_of_names_stay(cast):
    cast.organisation.other_names = [
        {"text": "SPRT", "lang": "", "kind": "alias"},
        {"text": "Sindicato", "lang": "pt", "kind": "other"},
        "Lama",
    ]
    form = edited("names", cast.organisation, cast.representative, other="Sindicato\nសហជីព")
    assert form.is_valid()
    assert form.values()["other_names"] == [
        {"text": "SPRT", "lang": "", "kind": "alias"},
        {"text": "Sindicato", "lang": "pt", "kind": "other"},
        {"text": "សហជីព", "lang": "km", "kind": "other"},
    ]


@pytest.mark.parametrize("part", EDITED)
def test_what_is_on_record_comes_back_as_it_was(cast, part):
    organisation = cast.organisation
    Trait.objects.create(organisation=organisation, kind="basis", code="women")
    Trait.objects.create(organisation=organisation, kind="service", code="health", reach="gap")
    OrganisationLink.objects.create(organisation=organisation, kind="network", other=cast.other_organisation)
    form = edited(part, organisation, cast.representative)
    assert form.is_valid(), form.errors
    assert form.clash(organisation) == []


def test_language_of_mail_that_is_not_shipped_yet_stays(cast):
    cast.organisation.language = "km"
    assert edited("contact", cast.organisation, cast.representative).is_valid()


# The draft


def test_draft_keeps_wrong_answers_and_names_the_page(db):
    draft = Draft(None, by=NOBODY)
    for part, fields in answers(contact={"contact_email": "nonsense"}).items():
        draft.keep(part, posted({**fields, "is_staff": "1"}))
    assert list(draft.missing()) == ["contact"]
    assert draft.blank("contact").initial["contact_email"] == "nonsense"
    assert {name for fields in draft.kept["parts"].values() for name in fields} & {"is_staff"} == set()


def test_draft_does_not_grow_without_end(db):
    draft = Draft(None, by=NOBODY)
    draft.keep("work", posted({"introduction": "x" * 70_000}))
    assert draft.kept["parts"] == {}


def test_examples_are_built_from_what_was_typed(db):
    draft = Draft(None, by=NOBODY)
    assert [str(one) for one in draft.examples()] == ["the name", "an organisation"]
    for part, fields in answers(names={"name_en": "", "name_ind": "Serikat"}).items():
        draft.keep(part, posted(fields))
    assert draft.examples() == ("Serikat", "a trade union, origin side")
    labels = [str(label) for _value, label in draft.blank("shown").fields["visibility"].choices]
    assert ["Serikat" in label for label in labels] == [True, True, False]
    assert ["a trade union, origin side" in label for label in labels] == [False, True, True]


def test_examples_survive_nonsense_in_the_session(db):
    draft = Draft(None, by=NOBODY)
    draft.keep("who", posted({"groups": ["x", "9" * 40, "٣"]}))
    draft.keep("where", posted({"side": "nowhere"}))
    assert [str(one) for one in draft.examples()] == ["the name", "an organisation"]


@pytest.mark.parametrize("typed", ["", "\u200b", "x" * 4001])
def test_appeal_has_to_say_something_readable(typed):
    assert list(AppealForm({"text": typed}).errors) == ["text"]
