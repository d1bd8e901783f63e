"""The register desk, the page of a decision, groups that are written down, and merging: who may, what they see."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import Invitation
from portal.once import FIELD
from stakeholders.models import Appeal, Decision, Organisation
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.tables import few

DESK, RECORD = "/en/register/", "/en/register/record/"
CONVENORS = {"convenor", "second_convenor"}
SECRET = "Persatuan Rahasia"


def decide_url(organisation, verdict=""):
    """Return the page of the decision."""
    return f"/en/organisations/{organisation.slug}/decide/" + (f"?verdict={verdict}" if verdict else "")


def merge_url(kept, merged=None):
    """Return the page of the merge, or of the choice."""
    return f"/en/organisations/{kept.slug}/merge/" + (f"?with={merged.slug}" if merged else "")


def seen(cast, who, url):
    """Return how the page answers."""
    return as_person(cast.people()[who]).get(url).status_code


# --- Who ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("visibility", few(("withheld",), ["public", "withheld"]))
@pytest.mark.parametrize("who", few(("convenor", "representative", "anonymous"), PEOPLE))
def test_only_convenors_see_the_pages(cast, who, visibility):
    organisation = build.make_organisation(visibility=visibility, state="verified")
    hidden = 404 if visibility == "withheld" else 403
    absent = 200 if who in CONVENORS else 302 if who == "anonymous" else hidden
    general = 200 if who in CONVENORS else 302 if who == "anonymous" else 403
    assert seen(cast, who, decide_url(organisation)) == absent
    assert seen(cast, who, merge_url(organisation)) == absent
    assert seen(cast, who, merge_url(organisation, cast.other_organisation)) == absent
    assert seen(cast, who, DESK) == general
    assert seen(cast, who, RECORD) == general


@pytest.mark.parametrize("who", PEOPLE)
def test_only_convenors_act(cast, who):
    applied, other = build.make_organisation(state="applied"), build.make_organisation()
    browser = as_person(cast.people()[who])
    browser.post(decide_url(applied, "refused"), {"reasons": "No.", "seen": 0})
    browser.post(merge_url(cast.organisation, other), {})
    for row in (applied, other):
        row.refresh_from_db()
    done = who in CONVENORS
    assert (applied.state, other.state) == (("refused", "merged") if done else ("applied", "verified"))


def test_own_organisation_can_be_read_not_decided(cast):
    organisation = build.make_organisation(state="applied", applicant=cast.convenor)
    browser = as_person(cast.convenor)
    page = browser.get(decide_url(organisation))
    assert (page.context["own"], page.context["form"]) == (True, None)
    assert browser.post(decide_url(organisation, "eligible"), {"limb": "migrant", "evidence": "e"}).status_code == 200
    organisation.refresh_from_db()
    assert organisation.state == "applied"


def test_who_refused_reads_the_appeal_and_does_not_decide(cast):
    organisation = build.make_organisation(state="applied")
    refusal = Decision.objects.create(organisation=organisation, verdict="refused", by=cast.convenor)
    Appeal.objects.create(decision=refusal, text="We are many.")
    mine = as_person(cast.convenor).get(decide_url(organisation))
    assert (mine.context["form"], "We are many." in mine.content.decode()) == (None, True)
    assert as_person(cast.second_convenor).get(decide_url(organisation)).context["form"] is not None


def test_records_that_share_two_names_meet_once(cast):
    for _number in range(3):
        build.make_organisation(name="Twice", name_ind="Dua Kali")
    assert len(as_person(cast.convenor).get(f"{DESK}?show=doubles").context["rows"]) == 1


# --- The desk -------------------------------------------------------------------------------------------------


def names(page):
    """Return the names of the list."""
    return [row.name for row in page.context["rows"]]


def test_each_list(cast):
    now, today = timezone.now(), timezone.localdate()
    build.make_organisation(name="Second", state="applied", applied_at=now)
    build.make_organisation(name="First", state="applied", applied_at=now - timedelta(days=9))
    appealing = build.make_organisation(name="Appealing", state="applied", applied_at=now - timedelta(days=20))
    refusal = Decision.objects.create(organisation=appealing, verdict="refused", by=cast.convenor)
    Appeal.objects.create(decision=refusal, text="No.")
    build.make_organisation(name="Due", retest_on=today)
    build.make_organisation(name="Later", retest_on=today + timedelta(days=1))
    build.make_organisation(name="Suspended", state="suspended", retest_on=today)
    build.make_organisation(name="Refused", state="refused", country=build.make_country("TH"))
    one, other = build.make_organisation(name="Twice"), build.make_organisation(name="TWICE")
    build.make_organisation(name="twice", state="merged")
    browser = as_person(cast.convenor)
    assert names(browser.get(DESK)) == ["First", "Second"]
    assert names(browser.get(f"{DESK}?show=appeals")) == ["Appealing"]
    assert names(browser.get(f"{DESK}?show=retests")) == ["Due"]
    assert names(browser.get(f"{DESK}?show=suspended")) == ["Suspended"]
    assert names(browser.get(f"{DESK}?show=refused&country=TH")) == ["Refused"]
    assert names(browser.get(f"{DESK}?show=refused&country=ID")) == []
    assert browser.get(f"{DESK}?show=doubles").context["rows"] == [{"kept": one, "other": other}]
    assert [link["name"] for link in browser.get(DESK).context["lists"]] == [
        "Applications (2)", "Appeals (1)", "To be tested again (1)", "Possible doubles (1)", "Suspended (1)",
        "Refused (1)",
    ]  # fmt: skip


def test_desk_opens_with_what_is_due(cast):
    build.make_organisation(name="Suspended", state="suspended")
    assert names(as_person(cast.convenor).get(DESK)) == ["Suspended"]
    assert names(as_person(cast.convenor).get(f"{DESK}?show=nonsense&country=%27")) == ["Suspended"]


@pytest.mark.parametrize("items", [1, 3])
@pytest.mark.parametrize(
    ("show", "count"), [("applications", 8), ("appeals", 8), ("retests", 8), ("doubles", 8), ("refused", 8)]
)
def test_desk_queries(cast, django_assert_num_queries, show, count, items):
    today = timezone.localdate()
    for number in range(items):
        build.make_organisation(state="applied")
        appealing = build.make_organisation(state="applied")
        refusal = Decision.objects.create(organisation=appealing, verdict="refused", by=cast.convenor)
        Appeal.objects.create(decision=refusal, text="No.")
        build.make_organisation(retest_on=today)
        build.make_organisation(state="refused")
        build.make_organisation(name=f"Twice {number}")
        build.make_organisation(name=f"TWICE {number}")
    browser = as_person(cast.convenor)
    browser.get("/en/about/")
    with django_assert_num_queries(count):
        assert len(browser.get(f"{DESK}?show={show}").context["rows"]) == items


def test_desk_is_paged(cast):
    for _number in range(51):
        build.make_organisation(state="applied")
    browser = as_person(cast.convenor)
    assert len(names(browser.get(DESK))) == 50
    assert len(names(browser.get(f"{DESK}?show=applications&page=2"))) == 1


def test_personal_desk_says_what_waits(cast):
    for state in ("applied", "applied", "verified"):
        build.make_organisation(state=state, retest_on=timezone.localdate())
    part = as_person(cast.convenor).get("/en/desk/").context["parts"][0]
    assert [(task["name"], task["url"]) for task in part.tasks] == [
        ("2 applications wait", "/en/register/?show=applications"),
        ("1 organisation is to be tested again", "/en/register/?show=retests"),
    ]


# --- A decision -----------------------------------------------------------------------------------------------


def test_page_shows_everything_and_the_look_alikes_first(cast):
    country = build.make_country("TH")
    organisation = build.make_organisation(
        name="Union", name_ind="Serikat", acronym="UNI", state="applied", registration="Act 17", country=country,
        contact_phone="0812", introduction="We help.", trusted_contact="Maria", languages="id th",
        applicant=cast.stranger, website="https://u.example", side="origin",
    )  # fmt: skip
    organisation.traits.create(kind="service", code="shelter", reach="gap")
    organisation.links.create(kind="network", other_name="The Network")
    double = build.make_organisation(name="UNION", visibility="withheld")
    content = as_person(cast.convenor).get(decide_url(organisation)).content.decode()
    for text in (
        "Union", "Serikat", "UNI", "Act 17", "0812", "We help.", "Maria", "ไทย", "stranger@example.org",
        "https://u.example", "The Network", "shelter and emergency help", "Same name",
    ):  # fmt: skip
        assert text in content, text
    assert content.index(double.slug) < content.index('id="decide"')


@pytest.mark.parametrize(
    ("state", "hearing", "verdicts"),
    [
        ("applied", "civil-society", ["eligible", "own-bench", "refused"]),
        ("applied", "own-bench", ["own-bench", "refused"]),
        ("applied", "never", ["refused"]),
        ("refused", "civil-society", ["eligible", "own-bench"]),
        ("verified", "civil-society", ["eligible", "own-bench", "suspended", "dissolved"]),
        ("suspended", "civil-society", ["reinstated", "dissolved"]),
        ("dissolved", "civil-society", []),
    ],
)
def test_only_what_is_possible_is_offered(cast, state, hearing, verdicts):
    groups = [build.make_group(f"of-{hearing}", hearing=hearing)]
    organisation = build.make_organisation(state=state, groups=groups)
    page = as_person(cast.convenor).get(decide_url(organisation))
    assert [link["url"].split("=")[1] for link in page.context["verdicts"]] == verdicts


def test_a_decision_is_made_once(cast):
    organisation, browser = build.make_organisation(state="applied"), as_person(cast.convenor)
    typed = {"limb": "migrant", "evidence": "Seen.", "retest_on": "2199-01-01", "seen": 0, FIELD: "k1"}
    for _time in range(2):
        answer = browser.post(decide_url(organisation, "eligible"), typed)
        assert (answer.status_code, answer.url) == (302, DESK)
    assert list(Decision.objects.values_list("verdict", "limb", "by")) == [("eligible", "migrant", cast.convenor.pk)]


@pytest.mark.parametrize(
    ("verdict", "typed", "field"),
    [
        ("eligible", {"evidence": "Kept words."}, "limb"),
        ("eligible", {"limb": "migrant", "evidence": "\u200b"}, "evidence"),
        ("eligible", {"limb": "migrant", "evidence": "Kept words.", "retest_on": "2001-01-01"}, "retest_on"),
        ("own-bench", {"evidence": "Kept words."}, "conflict"),
        ("refused", {"evidence": "Kept words."}, "reasons"),
        ("refused", {"evidence": "Kept words.", "reasons": "x" * 4001}, "reasons"),
    ],
)
def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(cast, verdict, typed, field):
    organisation = build.make_organisation(state="applied")
    page = as_person(cast.convenor).post(decide_url(organisation, verdict), typed)
    assert list(page.context["form"].errors) == [field]
    assert Decision.objects.count() == 0
    assert typed["evidence"] in page.content.decode()


def test_somebody_else_decided_meanwhile(cast):
    organisation = build.make_organisation(state="applied")
    Decision.objects.create(organisation=organisation, verdict="refused", by=cast.second_convenor)
    page = as_person(cast.convenor).post(decide_url(organisation, "refused"), {"reasons": "No.", "seen": 0})
    assert "Somebody else decided meanwhile" in page.content.decode()


@pytest.mark.parametrize("items", [1, 3])
def test_decide_queries(cast, django_assert_num_queries, items):
    organisation = build.make_organisation(name="Twice", state="applied")
    for number in range(items):
        build.make_organisation(name="Twice")
        decision = Decision.objects.create(organisation=organisation, verdict="refused", by=cast.second_convenor)
        Appeal.objects.create(decision=decision, text="No.")
        organisation.traits.create(kind="issue", code=["labour", "health", "gender"][number])
        organisation.links.create(kind="network", other=build.make_organisation())
    browser = as_person(cast.convenor)
    browser.get("/en/about/")
    with django_assert_num_queries(13):
        browser.get(decide_url(organisation))


# --- Writing down ---------------------------------------------------------------------------------------------


def recorded(**values):
    """Return what is typed about a group without an address."""
    return {
        "name_en": "Kelompok Ibu", "groups": [build.make_group().pk], "level": "national", "visibility": "withheld",
        "trusted_contact": "Sister Maria", "language": "id", "other_name": "กลุ่มแม่", "other_language": "th", **values,
    }  # fmt: skip


def test_a_group_is_written_down_once_and_marked(cast):
    browser = as_person(cast.convenor)
    for _time in range(2):
        answer = browser.post(RECORD, recorded(**{FIELD: "k1"}))
    organisation = Organisation.objects.get(state="applied")
    assert answer.url == decide_url(organisation)
    assert organisation.other_names == [{"text": "กลุ่มแม่", "lang": "th", "kind": "other"}]
    assert "trusted contact" in browser.get(DESK).content.decode()


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name_en": "\u200b"}, "name_en"),
        ({"groups": []}, "groups"),
        ({"trusted_contact": " "}, "trusted_contact"),
        ({"contact_email": "näh"}, "contact_email"),
        ({"visibility": "nonsense"}, "visibility"),
    ],
)
def test_bad_input_writes_nothing(cast, typed, field):
    page = as_person(cast.convenor).post(RECORD, recorded(**typed))
    assert list(page.context["form"].errors) == [field]
    assert Organisation.objects.filter(state="applied").count() == 0


@pytest.mark.parametrize(
    ("trusted", "state", "shown"), [("Maria", "accepted", True), ("Maria", "sent", False), ("", "accepted", False)]
)
def test_answers_of_a_trusted_contact_are_marked_for_convenors(cast, trusted, state, shown):
    consultation = build.make_consultation(convenors=[cast.convenor])
    build.make_invitation(consultation, build.make_organisation(trusted_contact=trusted), state=state)
    page = as_person(cast.convenor).get(f"/en/consultations/{consultation.slug}/invitations/")
    assert ("answered by a trusted contact" in page.content.decode()) is shown
    assert Invitation.objects.count() == 1


# --- Merging --------------------------------------------------------------------------------------------------


def test_choice_offers_look_alikes_and_searches(cast):
    kept, alike = build.make_organisation(name="Twice"), build.make_organisation(name="TWICE")
    found = build.make_organisation(name="Something else", visibility="withheld")
    browser = as_person(cast.convenor)
    assert [row["organisation"] for row in browser.get(merge_url(kept)).context["rows"]] == [alike]
    page = browser.get(merge_url(kept) + "?q=thing ELSE")
    assert [(row["organisation"], row["merge_url"]) for row in page.context["rows"]] == [
        (found, merge_url(kept, found))
    ]


def test_preview_then_merge(cast):
    kept = build.make_organisation(name="Twice")
    merged = build.make_organisation(name="Dua Kali", visibility="withheld", state="applied")
    build.make_member(merged)
    browser = as_person(cast.convenor)
    page = browser.get(merge_url(kept, merged))
    assert [(str(row.label), row.moves, row.stays) for row in page.context["rows"]] == [("People", 1, 0)]
    assert (page.context["asking"], page.context["visibility"]) == (1, "withheld")
    assert [name["text"] for name in page.context["names"]] == ["Dua Kali"]
    assert Organisation.objects.filter(state="merged").count() == 0
    for _time in range(2):
        answer = browser.post(merge_url(kept, merged), {"former": "on", FIELD: "k1"})
        assert (answer.status_code, answer.url) == (302, kept.get_absolute_url())
    kept.refresh_from_db()
    assert kept.other_names == [{"text": "Dua Kali", "lang": "en", "kind": "former"}]


@pytest.mark.parametrize(("conflict", "told"), [("state", True), ("", False)])
def test_preview_says_when_the_bench_changes(cast, conflict, told):
    kept, merged = build.make_organisation(), build.make_organisation(conflict=conflict)
    page = as_person(cast.convenor).get(merge_url(kept, merged))
    assert ("on its own bench from then on" in page.content.decode()) is told


def test_preview_says_why_it_cannot_be(cast):
    kept, merged = build.make_organisation(state="applied"), build.make_organisation()
    page = as_person(cast.convenor).get(merge_url(kept, merged))
    assert ("Keep the record that stands higher" in page.content.decode(), page.context["swap_url"]) == (
        True,
        merge_url(merged, kept),
    )


def test_refusal_of_a_merge_is_said_on_the_page(cast):
    kept, merged = build.make_organisation(), build.make_organisation(contact_email=cast.convenor.email)
    page = as_person(cast.convenor).post(merge_url(kept, merged), {})
    assert "Another convenor decides" in page.content.decode()


@pytest.mark.parametrize("visibility", ["public", "members", "withheld"])
@pytest.mark.parametrize("who", few(("convenor", "representative", "stranger"), PEOPLE))
def test_old_address_leads_those_who_may_see_the_kept_one(cast, who, visibility):
    kept = build.make_organisation(visibility=visibility)
    merged = build.make_organisation(name=SECRET, state="merged", merged_into=kept, visibility=visibility)
    answer = as_person(cast.people()[who]).get(merged.get_absolute_url())
    members = {"representative", "colleague", "other_member"}
    may = visibility == "public" or who in CONVENORS or (visibility == "members" and who in members)
    assert answer.status_code == (301 if may else 404)
    assert SECRET not in answer.content.decode()
    if may:
        assert (answer.url, answer["Cache-Control"]) == (kept.get_absolute_url(), "private, no-store")


def test_kept_page_shows_what_was_adopted_under_the_other_name(cast):
    kept = build.make_organisation()
    merged = build.make_organisation(state="merged", merged_into=kept)
    edition = build.make_edition(build.make_statement(build.make_consultation()))
    edition.statement.adoption.adopters.set([merged, kept])
    page = as_person(None).get(kept.get_absolute_url())
    assert list(page.context["adopted"]) == [edition.statement]


@pytest.mark.parametrize(
    ("hearing", "conflict", "who", "shown"),
    [
        ("civil-society", "", "convenor", False),
        ("civil-society", "state", "anonymous", False),
        ("civil-society", "state", "liaison", False),
        ("civil-society", "state", "other_member", True),
        ("own-bench", "", "anonymous", True),
    ],
)
def test_page_says_on_which_bench_it_is_heard(cast, hearing, conflict, who, shown):
    organisation = build.make_organisation(groups=[build.make_group("of", hearing=hearing)], conflict=conflict)
    page = as_person(cast.people()[who]).get(organisation.get_absolute_url())
    assert ("It is heard on its own bench" in page.content.decode()) is shown
