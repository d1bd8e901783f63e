"""The register's own rows: what they keep beside what was typed."""

import pytest
from django.utils import translation

from stakeholders.models import Organisation
from tests import build

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("language", ["en", "id", "th"])
def test_the_order_of_names_hangs_on_no_readers_language(language):
    organisation = build.make_organisation(name_en="Zebra Union", name_ind="Serikat Zebra")
    with translation.override(language):
        found = Organisation.objects.get(pk=organisation.pk)
        found.acronym = "ZU"
        found.save()
    found.refresh_from_db()
    assert found.name_key == "zebra union"


@pytest.mark.parametrize("language", ["en", "id"])
def test_a_name_in_one_language_alone_is_the_key(language):
    with translation.override(language):
        organisation = build.make_organisation(name_en="", name_ind="Serikat Buruh")
    organisation.refresh_from_db()
    assert (organisation.name_key, [one.key for one in organisation.names.all()]) == (
        "serikat buruh",
        ["serikat buruh"],
    )
