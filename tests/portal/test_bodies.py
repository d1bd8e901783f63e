"""The page of a public body, the administration, and what an administrator who does not convene never sees."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from portal.once import FIELD, new_key
from stakeholders.models import Convenorship, LiaisonAppointment, PublicBody
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.recommendations.published import CANARY, answer, make_published
from tests.tables import few

EVERYBODY = (*PEOPLE, "administrator")


@pytest.fixture
def administrator(db):
    return build.make_administrator(email="admin@example.org", full_name="Administrator")


def browser(cast, who):
    """Return the browser of somebody of the cast, or of an administrator."""
    return as_person(build.make_administrator() if who == "administrator" else cast.people()[who])


def page(client, name, *args, **query):
    """Return an answer to a visit."""
    return client.get(reverse(name, args=args), query)


def send(client, name, *args, **fields):
    """Return an answer to a form that is sent in."""
    return client.post(reverse(name, args=args), {FIELD: new_key(), **fields})


def words(answer):
    """Return the text of a page in one line."""
    return " ".join(answer.content.decode().split())


# --- The page of a body -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_reads_it_and_nobody_reads_a_liaison_s_name(cast, who):
    for user, name in ((cast.liaison, "Liaisonia Canary"), (cast.stranger, "Proposed Canary")):
        type(user).objects.filter(pk=user.pk).update(full_name=name)
    LiaisonAppointment.objects.create(body=cast.body, user=cast.stranger, by=build.make_administrator())
    text = words(page(browser(cast, who), "public_body_detail", cast.body.slug))
    main = text[text.index("<main") :]
    assert cast.body.name in main
    assert ("liaison@example.org" in main, "Proposed Canary" in main) == (False, False)
    assert ("Liaisonia Canary" in main) is False
    assert ("Change what is written here" in main) is (who == "administrator")


@pytest.mark.parametrize("language", ["en", "id"])
def test_names_in_the_reader_s_language_and_the_other(cast, visitor, language):
    found = visitor.get(f"/{language}/public-bodies/{cast.body.slug}/")
    names = {"en": cast.body.name_en, "id": cast.body.name_ind}
    (other,) = {"en", "id"} - {language}
    assert f'<h1 class="long">{names[language]}' in words(found)
    assert found.context["other_names"] == [{"text": names[other], "lang": other}]


def test_what_was_conveyed_and_what_is_open_in_numbers(cast, visitor):
    published = make_published(cast, items=2)
    answer(published, published.convey())
    found = page(visitor, "public_body_detail", cast.body.slug)
    assert [(one["name"], one["count"]) for one in found.context["figures"]] == [
        ("items answered", 1),
        ("items open, in time", 3),
    ]
    assert [one["name"] for one in found.context["conveyances"]] == [published.statement.title]
    for figure in found.context["figures"]:
        assert visitor.get(figure["url"]).context["page"].paginator.count == figure["count"]


def test_numbers_follow_the_office(cast, visitor):
    make_published(cast).convey()
    new = build.make_body("new-office")
    PublicBody.objects.filter(pk=cast.body.pk).update(successor=new, until=build.LONG_AGO)
    found = page(visitor, "public_body_detail", new.slug)
    assert [(one["name"], one["count"]) for one in found.context["figures"]] == [("items open, in time", 2)]
    assert visitor.get(found.context["figures"][0]["url"]).context["page"].paginator.count == 2
    assert [one["name"] for one in found.context["history"]] == [cast.body.name, new.name]
    assert f"{new.name} took over from this body" in words(page(visitor, "public_body_detail", cast.body.slug))


def test_what_is_not_public_is_not_there(cast, visitor):
    published = make_published(cast)
    build.make_conveyance(published.edition, cast.body, public=False)
    unpublished = make_published(cast, publish=False)
    build.make_conveyance(unpublished.edition, cast.body)
    found = page(visitor, "public_body_detail", cast.body.slug)
    assert found.context["conveyances"] == []
    assert [(one["name"], one["count"]) for one in found.context["figures"]] == [("items not conveyed", 2)]


def test_two_that_claim_one_matter_are_shown_side_by_side(cast, visitor):
    country = build.make_country("MM")
    first, second = (build.make_body(name, country=country, matter="labour") for name in ("first", "second"))
    build.make_body("gone", country=country, matter="labour", until=build.LONG_AGO)
    assert list(page(visitor, "public_body_detail", "first").context["alike"]) == [second]
    assert list(page(visitor, "public_body_detail", "second").context["alike"]) == [first]


@pytest.mark.parametrize("items", [1, 3])
def test_the_page_stays_flat(cast, visitor, django_assert_num_queries, items):
    published = make_published(cast, items=items)
    answer(published, published.convey())
    for number in range(items):
        build.make_body(f"old-{number}", successor=cast.body, until=build.LONG_AGO, reports_to=cast.body)
        build.make_body(f"below-{number}", reports_to=cast.body)
    visitor.get("/en/about/")
    with django_assert_num_queries(6):
        page(visitor, "public_body_detail", cast.body.slug)


def test_lists_lead_to_it(cast, visitor):
    assert reverse("public_body_detail", args=[cast.body.slug]) in words(page(visitor, "public_body_list"))


# --- Who opens what ------------------------------------------------------------------------------------------------

FORMS = ("administration", "public_body_create", "public_body_edit", "public_body_succeed", "liaison_appoint")
PERSONAL = ("term_create", "term_end", "appointment_extend")


def arguments(cast, name):
    """Return what a page's address needs."""
    if name in {"public_body_edit", "public_body_succeed", "liaison_appoint"}:
        return [cast.body.slug]
    if name == "term_end":
        return [cast.convenor.convenorships.get().pk]
    return [cast.liaison.appointments.get().pk] if name == "appointment_extend" else []


@pytest.mark.parametrize("who", few(("administrator", "convenor", "liaison"), EVERYBODY))
@pytest.mark.parametrize("name", [*FORMS, *PERSONAL])
def test_the_administration_is_for_administrators(cast, who, name):
    status = page(browser(cast, who), name, *arguments(cast, name)).status_code
    if who == "administrator":
        assert status == 200
    elif who == "anonymous":
        assert status == 302
    else:
        assert status in {403, 404}


@pytest.mark.parametrize("who", few(("administrator", "liaison", "stranger"), EVERYBODY))
@pytest.mark.parametrize("name", ["term_end", "appointment_extend", "appointment_end"])
def test_a_term_that_is_not_theirs_does_not_exist(cast, who, name):
    there = page(browser(cast, who), name, *arguments(cast, "term_end" if name == "term_end" else "appointment_extend"))
    own = who == "liaison" and name == "appointment_end"
    allowed = who == "administrator" or own
    if who == "liaison" and name == "appointment_extend":
        assert there.status_code == 403
    else:
        assert there.status_code == (200 if allowed else 302 if who == "anonymous" else 404)


@pytest.mark.parametrize("who", EVERYBODY)
def test_a_proposal_is_answered_by_its_person_only(cast, who):
    one = LiaisonAppointment.objects.create(body=cast.body, user=cast.stranger, by=build.make_administrator())
    status = page(browser(cast, who), "appointment_answer", one.pk).status_code
    assert status == (200 if who == "stranger" else 302 if who == "anonymous" else 404)


def test_what_a_colleague_asked_for_does_not_exist_for_the_person(cast):
    one = LiaisonAppointment.objects.create(body=cast.body, user=cast.stranger, by=cast.liaison)
    client = as_person(cast.stranger)
    assert page(client, "appointment_answer", one.pk).status_code == 404
    assert send(client, "appointment_answer", one.pk, answer="decline").status_code == 404
    assert page(client, "desk").context["parts"] == []


@pytest.mark.parametrize("who", few(("convenor", "liaison", "stranger"), PEOPLE))
def test_posts_of_others_change_nothing(cast, who):
    client, new = browser(cast, who), build.make_body("new")
    asked = LiaisonAppointment.objects.create(body=cast.body, user=cast.stranger, by=cast.liaison)
    before = list(LiaisonAppointment.objects.order_by("pk").values()), list(Convenorship.objects.values())
    today = timezone.localdate().isoformat()
    someone = {"address": "x@example.org", "full_name": "X", "language": "en", "since": today, "until": today}
    shown = "0-0-1-1-0"
    send(client, "public_body_succeed", cast.body.slug, new=new.pk, on=today, liaisons="end", confirmed=1, shown=shown)
    send(client, "liaison_appoint", cast.body.slug, **someone)
    send(client, "appointment_approve", asked.pk, answer="approve")
    send(client, "appointment_extend", asked.pk, until=today)
    send(client, "appointment_end", cast.other_liaison.appointments.get().pk) if who != "other_liaison" else None
    send(client, "term_create", role="convenor", **someone)
    send(client, "term_end", cast.convenor.convenorships.get().pk)
    send(client, "public_body_create", name_en="X", kind="international")
    assert (list(LiaisonAppointment.objects.order_by("pk").values()), list(Convenorship.objects.values())) == before
    assert PublicBody.objects.filter(successor__isnull=False).count() == 0
    assert PublicBody.objects.filter(name_en="X").count() == 0


# --- The administration ---------------------------------------------------------------------------------------------


def test_what_is_due_stands_first(cast, administrator):
    make_published(cast).convey()
    cast.liaison.appointments.update(state="ended")
    LiaisonAppointment.objects.create(body=cast.other_body, user=cast.stranger, by=cast.other_liaison)
    cast.other_liaison.appointments.update(until=timezone.localdate() + timedelta(days=30))
    cast.second_convenor.convenorships.update(until=build.LONG_AGO)
    found = page(as_person(administrator), "administration")
    assert [task["name"] for task in found.context["tasks"]] == [
        f"A liaison of {cast.other_body.name} proposes a colleague",
        cast.body.name,
        f"The term of Other Liaison at {cast.other_body.name} ends",
        "Fewer than two people convene",
    ]
    assert [part.title for part in page(as_person(administrator), "desk").context["parts"]] == ["The offices"]


def test_nothing_is_due_where_all_is_in_order(cast, administrator):
    make_published(cast).convey()
    cast.other_liaison.appointments.update(until=timezone.localdate() + timedelta(days=31))
    assert page(as_person(administrator), "administration").context["tasks"] == []


def test_an_office_is_followed_on_the_desk(cast, administrator):
    make_published(cast).convey()
    new = build.make_body("new")
    PublicBody.objects.filter(pk=cast.body.pk).update(successor=new)
    cast.liaison.appointments.update(state="ended")
    found = page(as_person(administrator), "administration")
    assert [(row["body"], row["open"]) for row in found.context["offices"]] == [(new, 2), (cast.other_body, 0)]


def test_an_account_that_exists_is_not_told(cast, administrator):
    type(cast.stranger).objects.filter(pk=cast.stranger.pk).update(full_name="Known Canary")
    today = timezone.localdate().isoformat()
    client = as_person(administrator)
    for address in ("stranger@example.org", "unknown@example.org"):
        sent = send(
            client,
            "liaison_appoint",
            cast.body.slug,
            address=address,
            full_name="Typed",
            language="en",
            since=today,
            until=today,
        )
        assert sent.status_code == 302
    text = words(page(client, "administration"))
    assert ("stranger@example.org" in text, "unknown@example.org" in text) == (True, True)
    assert ("Known Canary" in text, "Typed" in text) == (False, False)


@pytest.mark.parametrize("items", [1, 3])
def test_the_administration_stays_flat(cast, administrator, django_assert_num_queries, items):
    make_published(cast, items=items).convey()
    for number in range(items):
        user = build.make_liaison(build.make_body(f"body-{number}"))
        LiaisonAppointment.objects.create(body=cast.body, user=build.make_user(), by=cast.liaison)
        Convenorship.objects.create(user=build.make_user(), role="administrator")
        user.appointments.update(until=timezone.localdate())
    client = as_person(administrator)
    page(client, "about")
    with django_assert_num_queries(6):
        page(client, "administration")


# --- Succession -----------------------------------------------------------------------------------------------------


def test_a_succession_is_shown_in_numbers_before_it_is_done(cast, administrator):
    make_published(cast).convey()
    new, client = build.make_body("new"), as_person(administrator)
    fields = {"new": new.pk, "on": timezone.localdate().isoformat(), "liaisons": "end"}
    shown = send(client, "public_body_succeed", cast.body.slug, **fields)
    text = words(shown)
    for sentence in ("1 open conveyance moves.", "2 open items move.", "1 liaison's appointment ends."):
        assert sentence.replace("'", "&#x27;") in text or sentence in text
    assert PublicBody.objects.get(pk=cast.body.pk).successor is None
    key = shown.context["moves"].key
    done = send(client, "public_body_succeed", cast.body.slug, **fields, shown=key, confirmed=1)
    assert done.url == reverse("administration")
    assert PublicBody.objects.get(pk=cast.body.pk).successor == new
    assert page(client, "public_body_succeed", cast.body.slug).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"), [("on", "2200-01-01"), ("on", "31/02/2020"), ("new", "999999"), ("on", ""), ("new", "x")]
)
def test_bad_input_of_a_succession_gets_a_sentence(cast, administrator, field, value):
    new = build.make_body("new")
    fields = {"new": new.pk, "on": timezone.localdate().isoformat(), "liaisons": "end", "shown": "0-0-1-0-0"}
    sent = send(
        as_person(administrator), "public_body_succeed", cast.body.slug, **{**fields, field: value}, confirmed=1
    )
    assert (sent.status_code, list(sent.context["form"].errors)) == (200, [field])
    assert PublicBody.objects.get(pk=cast.body.pk).successor is None


def test_leaving_an_office(cast):
    client = as_person(cast.liaison)
    appointment = cast.liaison.appointments.get()
    assert "Leave this office?" in words(page(client, "appointment_end", appointment.pk))
    assert cast.liaison.appointments.get().state == "active"
    assert send(client, "appointment_end", appointment.pk).url == reverse("desk")
    assert page(client, "appointment_end", appointment.pk).status_code == 404


def test_a_term_ends_through_the_page(cast, administrator):
    build.make_consultation(convenors=[cast.convenor, cast.second_convenor])
    client, term = as_person(administrator), cast.convenor.convenorships.get()
    refused = send(client, "term_end", term.pk)
    assert "fewer than 2 convenors" in words(refused)
    build.make_consultation()
    other = build.make_administrator().convenorships.get()
    assert send(client, "term_end", other.pk).url == reverse("administration")


# --- What an administrator who does not convene never sees ------------------------------------------------------------


def test_an_administrator_sees_no_withheld_name_no_submission_no_invitation(cast, administrator):
    published = make_published(cast)
    draft = make_published(cast, publish=False)
    invitation = build.make_invitation(published.consultation, published.withheld, address="canary@example.org")
    submission = published.consultation.submissions.filter(organisation=published.withheld).first()
    client = as_person(administrator)
    slug = published.consultation.slug
    open_pages = [
        page(client, "organisation_list"),
        page(client, "consultation_detail", slug),
        page(client, "statement_detail", published.slug),
        page(client, "statement_timeline", published.slug),
        page(client, "follow_up"),
        page(client, "desk"),
        page(client, "submission_list"),
        page(client, "administration"),
        page(client, "home"),
        page(client, "public_body_detail", cast.body.slug),
    ]
    assert {found.status_code for found in open_pages} == {200}
    for found in open_pages:
        text = words(found)
        assert (CANARY in text, "canary@example.org" in text, published.withheld.slug in text) == (False, False, False)
    closed = [
        page(client, "organisation_detail", published.withheld.slug),
        page(client, "consultation_desk", slug),
        page(client, "consultation_edit", slug, "what"),
        page(client, "invitation_outbox", slug),
        page(client, "invitation_pick", slug),
        page(client, "submission_detail", submission.pk),
        page(client, "workspace", published.slug),
        page(client, "statement_detail", draft.slug),
        page(client, "trail_desk", published.slug),
        page(client, "liaison_desk"),
        page(client, "consultation_create"),
        page(client, "conveyance_create", published.slug),
    ]
    assert {found.status_code for found in closed} <= {403, 404}
    for found in closed:
        assert CANARY not in found.content.decode()
    assert invitation.pk not in type(invitation).objects.visible_to(administrator).values_list("pk", flat=True)
    assert not type(submission).objects.visible_to(administrator).exists()
