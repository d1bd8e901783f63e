"""The verdict on each row: what is new, what changes, what is left out, and why."""

import pytest
from django.utils import timezone, translation

from portal.models import User
from stakeholders.importing import cleaning, columns, sheets
from stakeholders.models import Country, LiaisonAppointment, ListImport, Membership, Organisation
from tests import build
from tests.stakeholders import lists

PEOPLE = ["Organisation", "Full name", "E-mail", "Role"]
ZAWGYI, UNICODE = "ျမန္မာႏိုင္ငံ အလုပ္သမားသမဂၢ", "မြန်မာနိုင်ငံ အလုပ်သမားသမဂ္ဂ"
NEW = {"Name": "Ikatan Pelaut", "Group": "Trade unions", "Country": "Indonesia"}


def check(by: User, *rows: dict[str, str], **options) -> ListImport:
    """Return the import of rows that are given by header."""
    head = list(dict.fromkeys(name for row in rows for name in row))
    table = [head, *([row.get(name, "") for name in head] for row in rows)]
    return lists.checked(lists.csv_of(table), by, **options)


def said(by: User, *rows: dict[str, str], **options) -> list[tuple[str, list[str]]]:
    """Return verdict and codes of each row."""
    return [(verdict, codes) for _number, verdict, codes in lists.verdicts(check(by, *rows, **options))]


def test_a_new_organisation(cast) -> None:
    run = check(cast.convenor, {**NEW, "Acronym": "IP", "E-mail": "Mail <IP@Example.org>", "Side": "asal"})
    row = sheets.rows_of(run).get()
    assert (run.counts["create"], row.verdict, row.notes) == (1, "create", [])
    assert row.values["facts"] == {
        "acronym": "IP",
        "country": "ID",
        "side": "origin",
        "contact_email": "ip@example.org",
        "groups": [build.make_group().pk],
        "visibility": "members",
    }


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Name": ""}, "no-name"),
        ({"Name": "\u200b\u3164"}, "invisible"),
        ({"Group": "Wizards"}, "unknown-group"),
        ({"Group": ""}, "no-group"),
        ({"Country": "Atlantis"}, "unknown-country"),
        ({"Works in": "Indonesia; Atlantis"}, "unknown-country"),
        ({"E-mail": "nobody"}, "bad-address"),
        ({"E-mail": "a@example.org, b@example.org"}, "bad-address"),
        ({"E-mail": "\u0430@example.org"}, "bad-address"),
        ({"Side": "upwards"}, "unknown-choice"),
        ({"Level": "galactic"}, "unknown-choice"),
        ({"Visibility": "perhaps"}, "unknown-choice"),
        ({"Language": "Klingon"}, "unknown-choice"),
        ({"Website": "not a site"}, "bad-website"),
        ({"Acronym": "X" * 41}, "too-long"),
        ({"Name": "X" * 201}, "too-long"),
        ({"Full name": "Siti"}, "person-without-address"),
    ],
)
def test_what_leaves_a_row_out(cast, cells, code) -> None:
    ((verdict, codes),) = said(cast.convenor, {**NEW, **cells})
    assert verdict == "refuse"
    assert code in codes


@pytest.mark.parametrize(
    ("phone", "codes"),
    [
        ("+62 811 223", []),
        ("0811 223", []),
        ("811223", ["phone-zero"]),
        ("6.01E+10", ["phone-notation"]),
        ("+๖๒ ๘๑๑", []),
    ],
)
def test_telephones(cast, phone, codes) -> None:
    run = check(cast.convenor, {**NEW, "Telephone": phone})
    row = sheets.rows_of(run).get()
    assert (row.verdict, [code for code, _values in row.notes]) == ("create", codes)
    assert row.values["facts"].get("contact_phone") == {
        "6.01E+10": None,
        "+๖๒ ๘๑๑": "+62 811",
    }.get(phone, phone)


def test_what_looks_like_a_formula_is_text(cast) -> None:
    run = check(cast.convenor, {**NEW, "Name": '=HYPERLINK("http://x")', "Acronym": "=1"})
    row = sheets.rows_of(run).get()
    assert (row.verdict, row.values["label"]) == ("create", '=HYPERLINK("http://x")')
    assert [code for code, _values in row.notes] == ["formula", "formula"]


@pytest.mark.parametrize(
    ("code", "names"),
    {
        "LA": ["Laos", "Lao PDR", "lao p.d.r.", "Lao People's Democratic Republic", "Republik Demokratik Rakyat Laos"],
        "VN": ["Viet Nam", "Vietnam", "VIETNAM", "Việt Nam", "VN"],
        "MM": ["Burma", "Myanmar", "Myanmar (Burma)", "မြန်မာ"],
        "TL": ["Timor-Leste", "Timor Leste", "East Timor", "Timor Timur"],
        "KH": ["Cambodia", "Kamboja", "Kampuchea", "កម្ពុជា"],
        "TH": ["Thailand", "ไทย", "Muang Thai"],
        "SG": ["Singapura", "新加坡", "Singapore "],
    }.items(),
)
@pytest.mark.django_db
def test_countries_by_all_their_names(code, names) -> None:
    build.make_country(code)
    known = cleaning.known_countries()
    assert {cleaning.text.skeleton(name) in known and known[cleaning.text.skeleton(name)] for name in names} == {code}
    assert Country.objects.count() == 1


def test_headers_in_both_languages_in_any_order() -> None:
    english = ["Country", "Organisation name", "Name in Burmese", "Groups", "Phone", "E-mail"]
    indonesian = ["Negara", "Nama organisasi", "Nama (bahasa Thai)", "Kelompok", "No. Telepon", "Surel"]
    assert columns.guessed(english) == ["country", "name:en", "name:my", "groups", "contact_phone", "contact_email"]
    assert columns.guessed(indonesian) == ["country", "name:id", "name:th", "groups", "contact_phone", "contact_email"]
    assert columns.guessed(["\ufeffNAME", "Name", "?", ""]) == ["name:en", "", "", ""]
    assert columns.guessed(PEOPLE) == ["name:en", "person_name", "person_email", "person_role"]


def test_every_known_header_stands_for_one_field() -> None:
    words = [cleaning.text.skeleton(word) for _label, given in columns._FIELDS.values() for word in given.split("|")]  # noqa: SLF001
    assert len(set(words)) == len(words)


def test_the_same_row_again_is_nothing_to_do(cast) -> None:
    rows = ({**NEW, "Nama": "Ikatan Pelaut Nusantara", "Name in Burmese": UNICODE, "Phone": "+62 1"},)
    head = list(rows[0])
    data = lists.csv_of([head, list(rows[0].values())])
    assert lists.done(data, cast.convenor).state == "done"
    assert lists.verdicts(lists.checked(data, cast.convenor)) == [(2, "same", [])]
    assert said(cast.convenor, {**NEW, "Name": "IKATAN  pelaut"}) == [("same", [])]


@pytest.mark.parametrize(
    ("cells", "changes"),
    [
        ({"Telephone": "+62 5"}, [["contact_phone", "", "+62 5"]]),
        ({"Nama": "Serikat PRT"}, [["name:id", "", "Serikat PRT"]]),
        ({"Name in Thai": "สหภาพ"}, [["name:th", "", "สหภาพ"]]),
        ({"Side": "destination"}, [["side", "origin", "destination"]]),
        ({"Visibility": "withheld"}, [["visibility", "public", "withheld"]]),
        ({"E-mail": ""}, []),
        ({"Also called": "SPRT; Serikat"}, [["alias", "", "SPRT"], ["alias", "", "Serikat"]]),
    ],
)
def test_what_changes_an_organisation(cast, cells, changes) -> None:
    run = check(cast.convenor, {"Name": cast.organisation.name, **cells})
    row = sheets.rows_of(run).get()
    assert (row.organisation, row.values["changes"]) == (cast.organisation, changes)
    assert row.verdict == ("update" if changes else "same")


def test_a_name_that_is_replaced_stays_findable(cast) -> None:
    other = build.make_organisation(name_en="Old name", name_ind="Nama sama")
    assert said(cast.convenor, {"Nama": "Nama sama", "Name": "New name"}) == [("update", ["name-kept"])]
    data = lists.csv_of([["Name", "Nama"], ["New name", "Nama sama"]])
    lists.done(data, cast.convenor)
    other.refresh_from_db()
    assert (other.name_en, other.other_names) == ("New name", [{"text": "Old name", "lang": "en", "kind": "alias"}])
    assert set(other.names.values_list("text", flat=True)) == {"New name", "Nama sama", "Old name"}


def test_a_list_never_shows_what_chose_to_be_less_visible(cast) -> None:
    build.make_organisation(name="Quiet", visibility="members")
    assert said(cast.convenor, {"Name": "Quiet", "Visibility": "public"}) == [("same", ["visibility-kept"])]


def test_a_withheld_organisation_is_not_changed_by_a_list(cast) -> None:
    build.make_organisation(name="Unnamed", visibility="withheld")
    assert said(cast.convenor, {"Name": "Unnamed", "Phone": "+1"}) == [("refuse", ["withheld"])]
    assert said(cast.convenor, {"Name": "Unnamed"}) == [("same", [])]


@pytest.mark.parametrize("state", ["suspended", "refused", "dissolved"])
def test_closed_organisations(cast, state) -> None:
    build.make_organisation(name="Closed", state=state)
    assert said(cast.convenor, {"Name": "Closed", "Phone": "+1"}) == [("refuse", [state])]


def test_a_merged_one_leads_to_its_heir(cast) -> None:
    build.make_organisation(name="Merged", state="merged", merged_into=cast.organisation)
    row = sheets.rows_of(check(cast.convenor, {"Name": "Merged", "Phone": "+62 1"})).get()
    assert (row.verdict, row.organisation) == ("update", cast.organisation)


def test_nobody_changes_their_own_by_a_list(cast) -> None:
    own = build.make_organisation(name="Own")
    Membership.objects.create(user=cast.convenor, organisation=own, state="active", since=build.LONG_AGO)
    assert said(cast.convenor, {"Name": "Own", "Phone": "+1"}) == [("refuse", ["own"])]
    assert said(cast.second_convenor, {"Name": "Own", "Phone": "+1"})[0][0] == "update"


def test_look_alikes(cast) -> None:
    build.make_organisation(name="Serikat Laut")
    assert said(cast.convenor, {"Name": "S\u0435rik\u0430t Laut", "Phone": "+1"})[0][0] == "update"
    build.make_organisation(name="Serikat Laut")
    assert said(cast.convenor, {"Name": "Serikat Laut", "Phone": "+1"}) == [("refuse", ["ambiguous"])]


def test_the_same_acronym_in_the_same_country(cast) -> None:
    build.make_organisation(name="Serikat Laut", acronym="SL")
    row = {**NEW, "Acronym": "SL"}
    assert said(cast.convenor, row) == [("refuse", ["same-acronym"])]
    build.make_country("MY", name_en="Malaysia")
    assert said(cast.convenor, {**row, "Country": "Malaysia"}) == [("create", [])]
    assert said(cast.convenor, {"Nama": "Perserikatan Laut", "Acronym": "SL", "Country": "ID"})[0][0] == "update"


def test_duplicates_within_the_list(cast) -> None:
    again = {**NEW, "Name": "IKATAN PELAUT"}
    other = {**NEW, "Country": "", "Side": "origin", "E-mail": "", "Full name": "Ani", "Person e-mail": "a@example.org"}
    assert said(cast.convenor, NEW, again, other) == [
        ("create", []),
        ("refuse", ["duplicate-row"]),
        ("refuse", ["duplicate-differs"]),
    ]


def test_more_people_of_one_organisation(cast) -> None:
    def person(address: str, **cells: str) -> dict[str, str]:
        return {"Name": "Ikatan Pelaut", "Group": "", "Full name": "Ani", "Person e-mail": address, **cells}

    rows = [person("a@example.org", Group="Trade unions"), person("b@example.org"), person("a@example.org")]
    rows.append(person(cast.liaison.email))
    assert said(cast.convenor, *rows) == [
        ("create", ["person-invited"]),
        ("update", ["same-organisation", "person-invited"]),
        ("same", ["same-organisation", "person-twice"]),
        ("refuse", ["same-organisation", "liaison"]),
    ]


def test_people_of_a_row_that_is_left_out(cast) -> None:
    rows = [{"Name": "Pelaut", "Group": "Wizards"}, {"Name": "Pelaut", "Person e-mail": "a@example.org"}]
    assert said(cast.convenor, *rows) == [("refuse", ["unknown-group"]), ("refuse", ["row-refused"])]


def test_who_cannot_be_given_a_seat(cast) -> None:
    closed = build.make_user(is_active=False)
    proposed = build.make_user()
    LiaisonAppointment.objects.create(user=proposed, body=cast.body, since=timezone.localdate())
    name = cast.organisation.name
    expected = {
        cast.liaison.email.upper(): ("refuse", ["liaison"]),
        proposed.email: ("refuse", ["liaison"]),
        closed.email: ("refuse", ["closed-account"]),
        cast.convenor.email: ("refuse", ["yourself"]),
        cast.representative.email: ("same", ["person-there"]),
        cast.stranger.email: ("update", ["person-invited"]),
    }
    for address, verdict in expected.items():
        assert said(cast.convenor, {"Organisation": name, "Person": "Ani", "Person e-mail": address}) == [verdict]


def test_zawgyi_is_shown_and_converted_only_when_asked(cast) -> None:
    row = {**NEW, "Name in Burmese": ZAWGYI}
    shown = sheets.rows_of(check(cast.convenor, row)).get()
    assert shown.notes == [["zawgyi", {"field": "name:my", "value": ZAWGYI, "converted": UNICODE}]]
    data = lists.csv_of([list(row), list(row.values())])
    assert lists.done(data, cast.convenor, zawgyi=True).state == "done"
    made = Organisation.objects.get(name_en="Ikatan Pelaut")
    assert made.other_names == [
        {"text": UNICODE, "lang": "my", "kind": "other"},
        {"text": ZAWGYI, "lang": "my", "kind": "alias"},
    ]
    assert lists.verdicts(lists.checked(data, cast.convenor, zawgyi=True)) == [(2, "same", ["zawgyi-converted"])]


def test_a_name_in_none_of_our_languages_stands_as_the_main_one(cast) -> None:
    data = lists.csv_of([["Name in Burmese", "Group"], [UNICODE, "NGO"]])
    group = build.make_group("non-governmental-organisations", name_en="NGOs", name_ind="LSM", position=5)
    lists.done(data, cast.convenor)
    made = Organisation.objects.get(name_en=UNICODE)
    assert (made.name, list(made.groups.all()), made.slug[:2]) == (UNICODE, [group], "o-")
    assert lists.verdicts(lists.checked(data, cast.convenor)) == [(2, "same", [])]


def test_verdicts_do_not_depend_on_the_language_of_the_reader(cast) -> None:
    data = lists.csv_of([["Nama", "Group"], ["Serikat Baru", "Serikat pekerja"]])
    with translation.override("id"):
        lists.done(data, cast.convenor)
    made = Organisation.objects.get(name_ind="Serikat Baru")
    assert (made.name_key, made.state, made.visibility) == ("serikat baru", "applied", "members")
    assert made.names.get().key == "serikat baru"
