"""The back office of recommendations: read-only, and without who said what."""

import pytest
from django.contrib import admin
from django.urls import reverse

from recommendations.models import Adoption, Conveyance, Edition, Item, Response, Statement, TrailStep
from tests import build
from tests.conftest import as_person
from tests.recommendations.published import CANARY, answer, make_published
from tests.tables import few

READ_ONLY = (Adoption, Conveyance, Edition, Item, Response, Statement, TrailStep)


@pytest.fixture
def clerk(db):
    return build.make_user(is_staff=True, is_superuser=True)


def test_who_said_what_is_not_there():
    shown = admin.site._registry  # noqa: SLF001 - the only list of what the back office shows
    registered = {model._meta.model_name for model in shown if model._meta.app_label == "recommendations"}
    assert registered == {"theme", "document", *(model._meta.model_name for model in READ_ONLY)}


@pytest.mark.parametrize("model", few(READ_ONLY[:2], READ_ONLY))
def test_nothing_is_added_changed_or_deleted(cast, clerk, model):
    published = make_published(cast)
    answer(published, published.convey())
    TrailStep.objects.create(statement=published.statement, kind="effect", happened_on=build.date(2026, 6, 1))
    name = model._meta.model_name
    client, row = as_person(clerk), model.objects.first()
    pages = {
        reverse(f"admin:recommendations_{name}_changelist"): 200,
        reverse(f"admin:recommendations_{name}_change", args=[row.pk]): 200,
        reverse(f"admin:recommendations_{name}_add"): 403,
        reverse(f"admin:recommendations_{name}_delete", args=[row.pk]): 403,
    }
    found = {url: client.get(url) for url in pages}
    assert {url: response.status_code for url, response in found.items()} == pages
    assert all(CANARY not in response.content.decode() for response in found.values())
    assert client.post(reverse(f"admin:recommendations_{name}_change", args=[row.pk])).status_code == 403


def test_unpublished_answers_are_the_office_s_alone(cast, clerk):
    published = make_published(cast)
    Response.objects.create(item=published.item(), body=cast.body, kind="noted", text="Secret draft", language="en")
    page = as_person(clerk).get(reverse("admin:recommendations_response_changelist")).content.decode()
    assert "0 responses" in page
