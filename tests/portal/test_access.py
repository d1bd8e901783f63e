"""The one door: absent and invisible look the same; what was typed before the session ran out comes back."""

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from portal import access
from stakeholders.models import Membership, Organisation
from tests import build

PROFILE = "/en/account/profile/"
TYPED = {"full_name": "Dewi ទេវី 🌾", "language": "id", "time_zone": "Asia/Dili"}


def request_of(user):
    """Return a request by the person."""
    request = RequestFactory().get("/")
    request.user = user
    return request


def test_fetch_finds_what_is_visible(cast):
    found = access.fetch(request_of(cast.stranger), Organisation.objects.all(), pk=cast.organisation.pk)
    assert found == cast.organisation


@pytest.mark.parametrize("hidden", [True, False])
def test_fetch_treats_invisible_like_absent(cast, hidden):
    pk = build.make_organisation(visibility="withheld").pk if hidden else 0
    with pytest.raises(Http404) as raised:
        access.fetch(request_of(cast.stranger), Organisation.objects.all(), pk=pk)
    assert raised.value.args == ()


def test_fetch_refuses_what_is_visible_and_not_permitted(cast):
    asks = Membership.objects.create(organisation=cast.organisation, user=cast.stranger)
    with pytest.raises(PermissionDenied):
        access.fetch(
            request_of(cast.colleague), Membership.objects.all(), "stakeholders.confirm_membership", pk=asks.pk
        )


def test_absent_and_invisible_pages_are_the_same_page(cast, visitor):
    hidden = build.make_organisation(visibility="withheld", slug="hidden-one")
    pages = [visitor.get(f"/en/organisations/{slug}/") for slug in (hidden.slug, "absent-one")]
    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].content.replace(b"hidden-one", b"") == pages[1].content.replace(b"absent-one", b"")


def test_marks_are_set():
    @access.public
    def open_page(_request):
        return HttpResponse()

    @access.signed_in
    def closed_page(_request):
        return HttpResponse()

    assert (open_page.is_public, closed_page.is_guarded) == (True, True)


@pytest.mark.django_db
def test_signed_in_sends_to_sign_in_and_back(visitor):
    answer = visitor.get(f"{PROFILE}?a=b")
    assert (answer.status_code, answer.url) == (302, "/en/account/login/?next=%2Fen%2Faccount%2Fprofile%2F%3Fa%3Db")


@pytest.mark.django_db
def test_what_was_typed_before_the_session_ran_out_comes_back_after_sign_in():
    user, browser = build.make_user(full_name="Old name"), Client()
    answer = browser.post(PROFILE, TYPED)
    assert answer.status_code == 302
    assert answer.url.startswith("/en/account/login/")
    build.login(browser, user)
    form = browser.get(PROFILE).context["form"]
    assert {name: form[name].value() for name in TYPED} == TYPED
    user.refresh_from_db()
    assert user.full_name == "Old name"


@pytest.mark.django_db
def test_what_was_typed_comes_back_once():
    user, browser = build.make_user(full_name="Old name"), Client()
    browser.post(PROFILE, TYPED)
    build.login(browser, user)
    browser.get(PROFILE)
    assert browser.get(PROFILE).context["form"]["full_name"].value() == "Old name"


@pytest.mark.django_db
def test_what_was_typed_comes_back_on_its_own_page_only():
    user, browser = build.make_user(), Client()
    browser.post(PROFILE, TYPED)
    build.login(browser, user)
    browser.get("/en/desk/")
    assert browser.get(PROFILE).context["form"]["full_name"].value() == TYPED["full_name"]


@pytest.mark.django_db
def test_what_was_typed_is_kept_for_an_hour():
    user, browser = build.make_user(full_name="Old name"), Client()
    browser.post(PROFILE, TYPED)
    session = browser.session
    session["kept"] = {**session["kept"], "at": session["kept"]["at"] - access.KEPT_SECONDS - 1}
    session.save()
    build.login(browser, user)
    assert browser.get(PROFILE).context["form"]["full_name"].value() == "Old name"


@pytest.mark.django_db
def test_the_secret_of_the_form_is_not_kept():
    browser = Client()
    browser.post(PROFILE, {**TYPED, "csrfmiddlewaretoken": "secret"})
    assert set(browser.session["kept"]["fields"]) == set(TYPED)


@pytest.mark.django_db
def test_long_text_comes_back_whole():
    user, browser = build.make_user(), Client()
    words = "ພາສາລາວ " * 2500
    browser.post(PROFILE, {**TYPED, "full_name": words})
    build.login(browser, user)
    assert browser.get(PROFILE).context["form"]["full_name"].value() == words
