"""The back office: staff only, read-mostly; the log and the outbox cannot be touched, addresses are for few."""

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client

from portal import bounces, log
from portal.models import OutgoingMessage
from stakeholders.models import Organisation
from tests import build
from tests.conftest import PEOPLE, as_person

SECRET = "Perkumpulan Rahasia Sekali"
OURS = {"portal", "stakeholders", "consultations", "recommendations"}


def registered():
    """Return the models of the back office."""
    return [model for model in apps.get_models() if admin.site.is_registered(model)]


@pytest.fixture
def administrator(db):
    """Return somebody who runs the back office and has no part in any consultation."""
    return build.make_user(email="admin@example.org", is_staff=True, is_superuser=True)


@pytest.fixture
def staff(db):
    """Return somebody who may look at everything in the back office."""
    user = build.make_user(email="staff@example.org", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    return user


@pytest.mark.parametrize("who", PEOPLE)
def test_back_office_is_for_staff(cast, who):
    answer = as_person(cast.people()[who]).get("/en/admin/", follow=True)
    page = "/en/account/login/code/?next=%2Fen%2Fadmin%2F" if who == "anonymous" else "/en/admin/login/?next=/en/admin/"
    assert (answer.redirect_chain[-1][0], answer.status_code) == (page, 200 if who == "anonymous" else 403)


def test_only_our_own_tables_are_there():
    assert {model._meta.app_label for model in registered()} <= OURS


def test_every_list_and_every_row_can_be_looked_at(cast, administrator):
    log.record("test", cast.organisation, by=cast.convenor)
    OutgoingMessage.objects.create(purpose="portal.sign_in_code", recipient="dewi@example.org")
    browser = as_person(administrator)
    wrong = []
    for model in registered():
        path = f"/en/admin/{model._meta.app_label}/{model._meta.model_name}/"
        rows = [f"{path}{row.pk}/change/" for row in model.objects.all()[:1]]
        wrong += [page for page in (path, *rows) if browser.get(page).status_code != 200]
    assert wrong == []


@pytest.mark.parametrize("model", ["portal/logentry", "portal/outgoingmessage"])
@pytest.mark.parametrize("act", ["change", "delete"])
def test_log_and_outbox_cannot_be_touched(administrator, model, act):
    entry = log.record("test", administrator, by=administrator)
    message = OutgoingMessage.objects.create(purpose="portal.sign_in_code", recipient="dewi@example.org")
    row = entry if model == "portal/logentry" else message
    answers = [
        as_person(administrator).post(f"/en/admin/{model}/{row.pk}/{act}/", {"post": "yes"}),
        as_person(administrator).get(f"/en/admin/{model}/add/"),
    ]
    assert [answer.status_code for answer in answers] == [403, 403]
    row.refresh_from_db()


def test_addresses_of_mail_are_for_administrators_and_codes_for_nobody(administrator, staff):
    message = OutgoingMessage.objects.create(
        purpose="portal.sign_in_code", recipient="dewi@example.org", payload={"code": "123456"}
    )
    path = f"/en/admin/portal/outgoingmessage/{message.pk}/change/"
    pages = [as_person(user).get(path).content.decode() for user in (administrator, staff)]
    assert ["dewi@example.org" in page for page in pages] == [True, False]
    assert ["123456" in page for page in pages] == [False, False]


@pytest.mark.parametrize(("language", "said"), [("en", "its reader reported"), ("id", "pembacanya melaporkan")])
def test_complaints_are_found_among_what_was_sent(administrator, language, said):
    mails = [
        OutgoingMessage.objects.create(purpose="portal.notice", subject_id=number, state="sent") for number in range(2)
    ]
    bounces.note(mails[1], bounces.Fate.COMPLAINED)
    page = as_person(administrator).get(f"/{language}/admin/portal/outgoingmessage/?complaint=1")
    assert [row.pk for row in page.context["cl"].result_list] == [mails[1].pk]
    assert said in page.content.decode()


def test_people_are_neither_added_nor_deleted(administrator):
    browser = as_person(administrator)
    paths = ["add/", f"{administrator.pk}/delete/"]
    assert [browser.get(f"/en/admin/portal/user/{path}").status_code for path in paths] == [403, 403]


def test_address_and_rank_of_a_person_cannot_be_changed(cast, administrator):
    form = {"full_name": "Stranger", "language": "en", "time_zone": "Asia/Jakarta", "is_active": "on"}
    path = f"/en/admin/portal/user/{cast.stranger.pk}/change/"
    answer = as_person(administrator).post(path, {**form, "email": "evil@example.org", "is_superuser": "on"})
    cast.stranger.refresh_from_db()
    assert (answer.status_code, cast.stranger.email, cast.stranger.is_superuser) == (302, "stranger@example.org", False)


def test_withheld_name_is_not_in_the_back_office(administrator):
    organisation = build.make_organisation(name=SECRET, visibility="withheld")
    build.make_member(organisation, full_name="Insider Name")
    browser, base = as_person(administrator), "/en/admin/stakeholders/"
    pages = [
        browser.get(f"{base}organisation/"),
        browser.get(f"{base}organisation/{organisation.pk}/change/", follow=True),
        browser.get(f"{base}membership/"),
    ]
    shown = [SECRET in page.content.decode() or "Insider Name" in page.content.decode() for page in pages]
    assert shown == [False, False, False]


def test_state_is_not_changed_here(cast, administrator):
    path = f"/en/admin/stakeholders/organisation/{cast.organisation.pk}/change/"
    as_person(administrator).post(path, {"state": "dissolved"})
    assert Organisation.objects.get(pk=cast.organisation.pk).state == "verified"


def test_password_page_of_the_back_office_is_not_shown(db):
    answer = Client().get("/en/admin/login/")
    assert (answer.status_code, answer.url) == (302, "/en/account/login/?next=%2Fen%2Fadmin%2Flogin%2F")
