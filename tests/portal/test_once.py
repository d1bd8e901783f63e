"""One form, one result: a double click, a reload and a retry lead to what the first one did."""

import threading
import time
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.test import RequestFactory
from django.utils import timezone

from portal import once
from portal.models import OneTimeKey
from tests import build

KEY = "k" * 22


def post(user=None, key=KEY):
    """Return a form that was sent in."""
    request = RequestFactory().post("/en/form/", {once.FIELD: key} if key else {})
    request.user = user or AnonymousUser()
    return request


def counted(response):
    """Return a guarded view and the list of its runs."""
    runs = []

    @once.once
    def view(request):
        runs.append(request)
        return response(len(runs))

    return view, runs


@pytest.mark.django_db
def test_repeat_is_led_to_the_first_result():
    view, runs = counted(lambda count: HttpResponseRedirect(f"/en/result/{count}/"))
    assert [view(post()).url, view(post()).url] == ["/en/result/1/", "/en/result/1/"]
    assert len(runs) == 1


@pytest.mark.django_db
def test_form_with_errors_may_be_sent_again():
    view, runs = counted(lambda count: HttpResponse() if count == 1 else HttpResponseRedirect("/en/result/"))
    assert [view(post()).status_code, view(post()).status_code] == [200, 302]
    assert len(runs) == 2


@pytest.mark.django_db
def test_form_that_failed_may_be_sent_again():
    @once.once
    def view(_request):
        raise RuntimeError

    for _try in range(2):
        with pytest.raises(RuntimeError):
            view(post())
    assert OneTimeKey.objects.count() == 0


@pytest.mark.django_db
def test_same_key_of_another_person_is_another_form():
    view, runs = counted(lambda count: HttpResponseRedirect(f"/en/result/{count}/"))
    users = [build.make_user(), build.make_user()]
    assert [view(post(user)).url for user in users] == ["/en/result/1/", "/en/result/2/"]
    assert len(runs) == 2


@pytest.mark.django_db
def test_form_without_a_key_is_not_guarded():
    view, runs = counted(lambda count: HttpResponseRedirect(f"/en/result/{count}/"))
    assert [view(post(key="")).url, view(post(key="")).url] == ["/en/result/1/", "/en/result/2/"]
    assert len(runs) == 2


@pytest.mark.django_db
def test_reading_takes_no_key():
    view, runs = counted(lambda _count: HttpResponse())
    request = RequestFactory().get("/en/form/", {once.FIELD: KEY})
    request.user = AnonymousUser()
    view(request)
    assert (len(runs), OneTimeKey.objects.count()) == (1, 0)


@pytest.mark.django_db
def test_form_whose_first_request_died_on_the_way_may_be_sent_again():
    view, runs = counted(lambda count: HttpResponseRedirect(f"/en/result/{count}/"))
    OneTimeKey.objects.create(key=f":{KEY}")
    OneTimeKey.objects.update(used_at=timezone.now() - once.DEAD_AFTER - timedelta(seconds=1))
    assert [view(post()).url, view(post()).url] == ["/en/result/1/", "/en/result/1/"]
    assert len(runs) == 1


@pytest.mark.django_db(transaction=True)
def test_double_click_waits_for_the_first_one():
    runs, answers = [], []

    @once.once
    def view(_request):
        runs.append(1)
        time.sleep(0.4)
        return HttpResponseRedirect("/en/result/")

    def click():
        try:
            answers.append(view(post()).url)
        finally:
            connection.close()

    threads = [threading.Thread(target=click) for _count in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(runs), answers) == (1, ["/en/result/"] * 5)


def test_keys_are_long_and_never_the_same():
    keys = {once.new_key() for _count in range(100)}
    assert (len(keys), {len(key) for key in keys}) == (100, {22})
