"""The convenor's pages: plan, pick, approve, preview, send, remind, repair, note, conclude."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.models import Answer, Consultation, Invitation
from portal import clock, delivery
from portal.models import LogEntry, OutgoingMessage
from tests import build
from tests.conftest import PEOPLE, as_person
from tests.tables import few


@pytest.fixture
def consultation(cast):
    """Return an announced consultation of both convenors."""
    return build.make_consultation(convenors=[cast.convenor, cast.second_convenor])


def at(consultation, path="") -> str:
    """Return the address of one of its pages."""
    return f"/en/consultations/{consultation.slug}/{path}"


FEW = ("desk/", "edit/what/", "announce/", "invitations/send/", "invitations/approve/")
PAGES = {
    "desk/": 200,
    "edit/what/": 200,
    "edit/when/": 200,
    "edit/where/": 200,
    "edit/people/": 200,
    "conclude/": 200,
    "open/": 200,
    "announce/": 403,  # it is announced already
    "invitations/": 200,
    "invitations/pick/": 200,
    "invitations/send/": 200,
    "invitations/answers/": 200,
    "invitations/progress/": 200,
    "invitations/remind/": 200,
    "invitations/approve/": 405,
    "next/": 200,
    "next/new/": 200,
    "summary/": 403,  # nobody met yet
    "summary/preview/": 403,
    "summary/readers/": 403,
    "summary/send/": 403,
}


@pytest.mark.parametrize("path", few(FEW, PAGES))
def test_who_opens_which_page(cast, consultation, path) -> None:
    build.make_invitation(consultation, cast.organisation)
    people = cast.people()
    found = {name: as_person(people[name]).get(at(consultation, path)).status_code for name in PEOPLE}
    own = PAGES[path]
    others = 405 if own == 405 else 403
    expected = {**dict.fromkeys(PEOPLE, others), "convenor": own, "second_convenor": own, "anonymous": 302}
    assert found == expected


@pytest.mark.parametrize("path", ["preview/", "repair/", "revoke/", "record/"])
def test_who_opens_the_pages_of_one_invitation(cast, consultation, path) -> None:
    invitation = build.make_invitation(consultation, cast.organisation)
    people = cast.people()
    address = at(consultation, f"invitations/{invitation.pk}/{path}")
    found = {name: as_person(people[name]).get(address).status_code for name in PEOPLE}
    assert found == {**dict.fromkeys(PEOPLE, 403), "convenor": 200, "second_convenor": 200, "anonymous": 302}


def test_an_invitation_is_reached_through_its_own_consultation_only(cast, consultation) -> None:
    other = build.make_invitation(build.make_consultation())
    for path in ("preview/", "repair/", "revoke/", "record/"):
        assert as_person(cast.convenor).get(at(consultation, f"invitations/{other.pk}/{path}")).status_code == 404


def test_a_discreet_one_looks_absent_to_others(cast) -> None:
    consultation = build.make_consultation(discreet=True, convenors=[cast.convenor])
    assert as_person(cast.stranger).get(at(consultation, "desk/")).status_code == 404


def test_create_then_announce(cast) -> None:
    build.make_country()
    client = as_person(cast.convenor)
    day = timezone.localdate() + timedelta(days=30)
    data = {
        "title_en": "Fees and passports",
        "title_ind": "Biaya dan paspor",
        "level": "national",
        "country": "ID",
        "form_of_dialogue": "consultation",
        "starts_on": day,
        "ends_on": day,
        "time_zone": "Asia/Jakarta",
        "second_convenor": cast.second_convenor.pk,
        "one_time_key": "k",
    }
    first, again = (client.post("/en/consultations/new/", data) for _count in range(2))
    made = Consultation.objects.get()
    assert first.url == again.url == at(made, "desk/")
    assert (made.title_ind, made.state, made.convenors.count()) == ("Biaya dan paspor", "draft", 2)
    assert "becomes public" in client.get(at(made, "announce/")).content.decode()
    client.post(at(made, "announce/"))
    assert Consultation.objects.get().state == "announced"


@pytest.mark.parametrize("person", ["representative", "liaison", "stranger"])
def test_only_convenors_plan(cast, person) -> None:
    assert as_person(getattr(cast, person)).get("/en/consultations/new/").status_code == 403


def test_bad_input_keeps_everything_typed(cast) -> None:
    data = {"title_en": "Kept title", "starts_on": "2570-05-12", "level": "national"}
    body = as_person(cast.convenor).post("/en/consultations/new/", data).content.decode()
    assert "2570: did you mean 2027?" in body
    assert "Kept title" in body
    assert 'value="2570-05-12"' in body


def test_edit_saves_one_part(cast, consultation) -> None:
    data = {
        "version": 1,
        "mode": "hybrid",
        "city_en": "Bandung",
        "city_ind": "Bandung",
        "venue": "Hall 3",
        "seats": "45",
    }
    response = as_person(cast.convenor).post(at(consultation, "edit/where/"), data)
    assert response.url == at(consultation, "desk/")
    consultation.refresh_from_db()
    assert (consultation.mode, consultation.city_en, consultation.venue, consultation.seats) == (
        "hybrid",
        "Bandung",
        "Hall 3",
        45,
    )
    assert consultation.title_en.startswith("Consultation")


def test_edit_of_people_tells_which_names_are_free(cast, consultation) -> None:
    both = [cast.convenor.pk, cast.second_convenor.pk]
    data = {"version": 1, "convenors": both, "co_organisers": f"{cast.organisation.name}\nNobody Knows Us"}
    response = as_person(cast.convenor).post(at(consultation, "edit/people/"), data, follow=True)
    assert "shown to everybody as written: Nobody Knows Us" in response.content.decode()
    assert [one.organisation for one in consultation.organisers.all()] == [cast.organisation, None]


def test_two_editors_get_both_texts_and_the_difference(cast, consultation) -> None:
    common = {"level": "national", "country": "ID", "form_of_dialogue": "consultation", "version": 1}
    first = {**common, "title_en": "Placement fees in Jakarta", "purpose_en": "Same"}
    second = {**common, "title_en": "Placement fees in Bandung", "purpose_en": "Same"}
    as_person(cast.convenor).post(at(consultation, "edit/what/"), first)
    client = as_person(cast.second_convenor)
    response = client.post(at(consultation, "edit/what/"), second)
    body = response.content.decode()
    assert response.status_code == 409
    assert "<del>Jakarta</del><ins>Bandung</ins>" in body
    assert "Placement fees in Jakarta" in body
    assert 'value="Placement fees in Bandung"' in body
    assert [row["label"].split()[0] for row in response.context["conflict"]] == ["Title"]
    assert Consultation.objects.get().title_en == "Placement fees in Jakarta"
    assert client.post(at(consultation, "edit/what/"), {**second, "version": 2}).status_code == 302
    assert Consultation.objects.get().title_en == "Placement fees in Bandung"


@pytest.mark.parametrize("part", ["nonsense", "state"])
def test_other_parts_do_not_exist(cast, consultation, part) -> None:
    assert as_person(cast.convenor).get(at(consultation, f"edit/{part}/")).status_code == 404


def tasks_of(client, consultation) -> list[str]:
    """Return the names of what is due."""
    return [task["name"] for task in client.get(at(consultation, "desk/")).context["tasks"]]


def test_the_desk_leads_with_what_is_due(cast, consultation) -> None:
    for state in ("sent", "sent", "undeliverable", "drafted", "approved", "accepted"):
        build.make_invitation(consultation, state=state)
    employers = build.make_group("employers", name_en="Employers", position=9)
    build.make_organisation(groups=[employers])
    invited = Invitation.objects.filter(state="accepted").get().organisation
    invited.memberships.create(user=cast.stranger, state="requested")
    assert tasks_of(as_person(cast.convenor), consultation) == [
        "1 could not be delivered: repair",
        "1 person asks to join",
        "1 invitation is drafted: approve",
        "1 invitation is approved: send",
        "2 have not answered: remind",
        "Say at what time it begins",
        "Name the organisers in the agreed order",
        "No migrants' own organisation is on the list.",
        "No women's group is on the list.",
        "Nobody on the list is from the destination side.",
        "Nobody yet of: Employers",
    ]


def test_a_new_draft_says_what_it_lacks(cast) -> None:
    consultation = build.make_consultation(state="draft", convenors=[cast.convenor], city_en="", answer_by=None)
    assert tasks_of(as_person(cast.convenor), consultation)[:3] == [
        "Name a second convenor",
        "Announce the consultation",
        "Say where people meet",
    ]


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_costs_the_same(cast, consultation, count, django_assert_num_queries) -> None:
    for _index in range(count):
        build.make_invitation(consultation)
    client = as_person(cast.convenor)
    client.get(at(consultation, "desk/"))
    with django_assert_num_queries(13):
        client.get(at(consultation, "desk/"))


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("invitations/", 10), ("invitations/pick/", 11)])
def test_lists_cost_the_same(cast, consultation, count, path, queries, django_assert_num_queries) -> None:
    for _index in range(count):
        build.make_invitation(consultation)
        build.make_organisation()
    client = as_person(cast.convenor)
    client.get(at(consultation, path))
    with django_assert_num_queries(queries):
        client.get(at(consultation, path))


def test_the_funnel_and_its_table(cast, consultation) -> None:
    for state in ("sent", "accepted", "accepted", "declined", "drafted"):
        build.make_invitation(consultation, state=state, seats_accepted=2 if state == "accepted" else 0)
    response = as_person(cast.convenor).get(at(consultation, "desk/"))
    assert [(row["name"], row["count"]) for row in response.context["funnel"]] == [
        ("Invited", 4),
        ("Answered", 3),
        ("Accepted", 2),
    ]
    assert "4 / 60" in response.content.decode()


def test_pick_shows_who_can_be_invited(cast, consultation) -> None:
    militia = build.make_group("militia", hearing="never")
    build.make_organisation(name="Never Seated", groups=[militia])
    build.make_organisation(name="Suspended One", state="suspended")
    hidden = build.make_organisation(name="Rahasia Kita", visibility="withheld")
    build.make_invitation(consultation, cast.organisation)
    body = as_person(cast.convenor).get(at(consultation, "invitations/pick/")).content.decode()
    assert "Rahasia Kita" in body  # the convenor's desk sees names
    assert hidden.slug not in body
    assert cast.other_organisation.name in body
    for absent in ("Never Seated", "Suspended One", cast.organisation.name):
        assert absent not in body
    assert "1 organisation here belongs to a group that is never seated" in body
    assert "1 organisation here is on the list already" in body


def test_pick_filters_and_drafts(cast, consultation) -> None:
    employers = build.make_group("employers", name_en="Employers")
    chosen = build.make_organisation(groups=[employers], country=build.make_country("TH"))
    client = as_person(cast.convenor)
    address = at(consultation, "invitations/pick/?group=employers&country=TH")
    assert [row["organisation"] for row in client.get(address).context["rows"]] == [chosen]
    response = client.post(address, {"seats": "3", "organisations": [chosen.pk]})
    assert response.url == address
    assert list(consultation.invitations.values_list("organisation", "seats_offered")) == [(chosen.pk, 3)]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"seats": "2"}, "Choose at least one organisation."),
        ({"seats": "99", "organisations": "own"}, "Write a number between 1 and 50."),
        ({"seats": "2", "organisations": "never"}, "One of these can no longer be invited. Choose again."),
    ],
)
def test_bad_picks(cast, consultation, data, sentence) -> None:
    never = build.make_organisation(groups=[build.make_group("militia", hearing="never")])
    ids = {"own": cast.organisation.pk, "never": never.pk}
    data = {**data, **({"organisations": ids[data["organisations"]]} if "organisations" in data else {})}
    body = as_person(cast.convenor).post(at(consultation, "invitations/pick/"), data).content.decode()
    assert sentence in body
    assert not consultation.invitations.exists()


def test_a_session_is_offered_from_its_first_day_on(cast, consultation) -> None:
    client, page = as_person(cast.convenor), at(consultation, "open/")
    early, ask = "The first day has not come yet.", "Open the session?"
    before = client.get(page).content.decode()
    assert [early in before, ask in before] == [True, False]
    Consultation.objects.update(starts_on=clock.today_in(consultation.time_zone))
    now = client.get(page).content.decode()
    assert [early in now, ask in now] == [False, True]
    assert "The consultation is in session." in client.post(page, follow=True).content.decode()


def test_outbox_counts_exactly_then_sends_once(cast, consultation) -> None:
    for language in ("en", "id", "id", "th"):
        build.make_invitation(consultation, state="drafted", language=language)
    build.make_invitation(consultation, state="drafted", address="")
    client = as_person(cast.convenor)
    client.post(at(consultation, "invitations/approve/"), {"all": "1"})
    body = " ".join(client.get(at(consultation, "invitations/send/")).content.decode().split())
    assert "This sends 4 mails in 2 languages" in body
    assert "; 1 letter." in body
    assert "1 recipient reads Thai and gets English." in body
    assert "Send 4 invitations" in body
    responses = [client.post(at(consultation, "invitations/send/"), {"one_time_key": "k"}) for _count in range(2)]
    assert {response.url for response in responses} == {at(consultation, "invitations/progress/")}
    assert OutgoingMessage.objects.count() == 4
    assert set(consultation.invitations.values_list("state", flat=True)) == {"sent"}


def test_approve_some(cast, consultation) -> None:
    rows = [build.make_invitation(consultation, state="drafted") for _count in range(2)]
    data = {"invitations": [rows[0].pk, "x'"]}
    as_person(cast.convenor).post(at(consultation, "invitations/approve/"), data)
    assert list(consultation.invitations.order_by("pk").values_list("state", flat=True)) == ["approved", "drafted"]


def test_the_outbox_offers_what_can_be_done(cast, consultation) -> None:
    states = ("drafted", "approved", "sent", "undeliverable", "revoked")
    rows = {state: build.make_invitation(consultation, state=state) for state in states}
    body = as_person(cast.convenor).get(at(consultation, "invitations/")).content.decode()
    offered = {
        state: {
            verb for verb in ("repair", "record", "revoke") if at(consultation, f"invitations/{row.pk}/{verb}/") in body
        }
        for state, row in rows.items()
    }
    assert offered == {
        "drafted": {"revoke"},
        "approved": {"revoke"},
        "sent": {"record", "revoke"},
        "undeliverable": {"repair", "record", "revoke"},
        "revoked": set(),
    }
    assert "Check and send" in body
    assert "Approve the drafted one" in body


def test_outbox_filters(cast, consultation) -> None:
    build.make_invitation(consultation, build.make_organisation(name="Accepting"), state="accepted")
    build.make_invitation(consultation, build.make_organisation(name="Waiting"), state="sent")
    client = as_person(cast.convenor)
    for query, expected in {
        "?state=accepted": ["Accepting"],
        "?state=reached": ["Accepting", "Waiting"],
        "?state=x": ["Accepting", "Waiting"],
    }.items():
        rows = client.get(at(consultation, f"invitations/{query}")).context["rows"]
        assert [row["name"] for row in rows] == expected


@pytest.mark.parametrize("language", ["en", "id"])
def test_preview_as_any_reader_without_a_link_that_opens(cast, consultation, language) -> None:
    invitation = build.make_invitation(consultation, state="drafted")
    address = at(consultation, f"invitations/{invitation.pk}/preview/?language={language}")
    response = as_person(cast.convenor).get(address)
    body = response.content.decode()
    assert invitation.token not in body
    assert f"/{language}/i/{'0' * 40}/" in body
    assert "style=" not in body
    assert "<style" not in body
    title = {"en": consultation.title_en, "id": consultation.title_ind}[language]
    assert title in response.context["mail"]["text"]
    assert title in response.context["mail"]["html"]
    assert not OutgoingMessage.objects.exists()


def test_a_letter_shows_the_real_link_only_once_it_was_sent(cast, consultation) -> None:
    letter = build.make_invitation(consultation, state="approved", address="")
    address = at(consultation, f"invitations/{letter.pk}/preview/")
    client = as_person(cast.convenor)
    assert letter.token not in client.get(address).content.decode()
    client.post(at(consultation, "invitations/send/"))
    assert letter.token in client.get(address).content.decode()


def test_preview_escapes_what_was_typed(cast) -> None:
    consultation = build.make_consultation(
        title_en="<script>alert(1)</script>", purpose_en="<b>x</b>", convenors=[cast.convenor]
    )
    invitation = build.make_invitation(consultation)
    body = as_person(cast.convenor).get(at(consultation, f"invitations/{invitation.pk}/preview/")).content.decode()
    assert "<script>alert" not in body
    assert "<b>x</b>" not in body


def test_progress_while_sending_and_when_done(cast, consultation, mailoutbox) -> None:
    for _count in range(3):
        build.make_invitation(consultation, state="approved")
    client = as_person(cast.convenor)
    client.post(at(consultation, "invitations/send/"))
    waiting = client.get(at(consultation, "invitations/progress/")).content.decode()
    assert 'http-equiv="refresh"' in waiting
    assert "hx-get" in waiting
    assert "0 of 3" in waiting
    delivery.deliver_batch()
    fragment = client.get(at(consultation, "invitations/progress/"), headers={"HX-Request": "true"}).content.decode()
    assert "3 of 3" in fragment
    assert "hx-get" not in fragment
    assert "<html" not in fragment
    assert 'http-equiv="refresh"' not in client.get(at(consultation, "invitations/progress/")).content.decode()
    assert len(mailoutbox) == 3


def test_remind_says_how_many_and_reminds_once(cast, consultation) -> None:
    for state in ("sent", "sent", "accepted"):
        build.make_invitation(consultation, state=state)
    client = as_person(cast.convenor)
    assert "This sends 2 mails" in " ".join(
        client.get(at(consultation, "invitations/remind/")).content.decode().split()
    )
    for _count in range(2):
        client.post(at(consultation, "invitations/remind/"))
    assert OutgoingMessage.objects.count() == 2


def test_repair_revoke_and_note(cast, consultation) -> None:
    client = as_person(cast.convenor)
    lost = build.make_invitation(consultation, state="undeliverable")
    client.post(at(consultation, f"invitations/{lost.pk}/repair/"), {"address": "New@example.org\u200b"})
    lost.refresh_from_db()
    assert (lost.state, lost.address) == ("sent", "new@example.org")
    client.post(at(consultation, f"invitations/{lost.pk}/record/"), {"channel": "phone", "answer": "yes", "seats": "1"})
    kept = Answer.objects.get()
    assert (kept.channel, kept.by, kept.seats) == ("phone", cast.convenor, 1)
    assert (
        "1 accepted seat becomes free"
        in client.get(at(consultation, f"invitations/{lost.pk}/revoke/")).content.decode()
    )
    client.post(at(consultation, f"invitations/{lost.pk}/revoke/"))
    lost.refresh_from_db()
    assert (lost.state, lost.seats_accepted) == ("revoked", 0)


@pytest.mark.parametrize(
    ("state", "days", "invited", "first"),
    [
        ("draft", 30, "", "plan"),
        ("announced", 30, "", "table"),
        ("announced", 30, "drafted", "invite"),
        ("announced", 30, "sent", "answers"),
        ("announced", 0, "sent", "meeting"),
        ("in_session", 0, "sent", "meeting"),
        ("concluded", -9, "sent", "after"),
        ("cancelled", 30, "sent", "after"),
    ],
)
def test_the_work_at_hand_stands_first(cast, state, days, invited, first) -> None:
    day = timezone.localdate() + timedelta(days=days)
    dated = {"starts_on": day, "ends_on": day}
    consultation = build.make_consultation(state=state, convenors=[cast.convenor, cast.second_convenor], **dated)
    if invited:
        build.make_invitation(consultation, state=invited)
    stages = as_person(cast.convenor).get(at(consultation, "desk/")).context["stages"]
    rest = [stage for stage in ("plan", "table", "invite", "answers", "meeting", "after") if stage != first]
    assert stages == [first, *rest]


@pytest.mark.parametrize(("query", "offered"), [("", True), ("?state=drafted", True), ("?state=sent", False)])
def test_choosing_is_offered_only_where_something_can_be_chosen(cast, consultation, query, offered) -> None:
    build.make_invitation(consultation, state="drafted")
    build.make_invitation(consultation, state="sent")
    body = as_person(cast.convenor).get(at(consultation, f"invitations/{query}")).content.decode()
    assert ("Approve those chosen" in body, "Approve the drafted one" in body) == (offered, True)


def test_what_was_revoked_by_mistake_is_drafted_again_from_its_page(cast, consultation) -> None:
    client = as_person(cast.convenor)
    lost, there = build.make_invitation(consultation, state="revoked"), build.make_invitation(consultation)
    again = at(consultation, f"invitations/{lost.pk}/redraft/")
    pages = [client.get(at(consultation, f"invitations/{one.pk}/")).content.decode() for one in (lost, there)]
    assert [again in page for page in pages] == [True, False]
    assert client.get(again).status_code == 405
    body = client.post(again, follow=True).content.decode()
    assert "The invitation is drafted again, with a new link." in body
    assert client.post(again, follow=True).status_code == 200
    lost.refresh_from_db()
    assert (lost.state, LogEntry.objects.filter(verb="redraft").count()) == ("drafted", 1)


@pytest.fixture
def today_s(cast):
    """Return a consultation of today to which the cast's organisation is coming."""
    today = timezone.localdate()
    made = build.make_consultation(starts_on=today, ends_on=today, convenors=[cast.convenor, cast.second_convenor])
    build.make_invitation(made, cast.organisation, state="accepted")
    return made


def test_conclude_names_the_number_and_lets_the_convenor_read_first(cast, today_s) -> None:
    client = as_person(cast.convenor)
    body = client.get(at(today_s, "conclude/")).content.decode()
    assert "1 was invited. The summary goes to all who speak for them" in body
    response = client.post(at(today_s, "conclude/"), {"outcome_en": "Agreed.", "tell": "later"}, follow=True)
    assert response.redirect_chain[-1][0] == at(today_s, "summary/")
    assert "Nobody was told yet" in response.content.decode()
    assert OutgoingMessage.objects.count() == 0


def test_conclude_and_tell_at_once(cast, today_s) -> None:
    form = {"outcome_en": "Agreed.", "tell": "now"}
    response = as_person(cast.convenor).post(at(today_s, "conclude/"), form, follow=True)
    assert response.redirect_chain[-1][0] == at(today_s, "summary/readers/")
    assert "4 summaries are on their way" in response.content.decode()
    assert OutgoingMessage.objects.count() == 4


def test_a_promise_for_a_day_that_has_passed_is_refused(cast, today_s) -> None:
    form = {"outcome_en": "Kept words", "tell": "later", "hear_back_by": timezone.localdate() - timedelta(days=1)}
    body = as_person(cast.convenor).post(at(today_s, "conclude/"), form).content.decode()
    assert "This day has passed." in body
    assert "Kept words" in body


def test_too_early_to_conclude_keeps_the_words(cast, consultation) -> None:
    form = {"outcome_en": "Kept words", "tell": "later"}
    body = as_person(cast.convenor).post(at(consultation, "conclude/"), form).content.decode()
    assert "The first day has not come yet." in body
    assert "Kept words" in body
