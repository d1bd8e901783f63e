"""Changing a profile: what is written, what stays, conflicts, what a change of visibility does."""

import threading

import pytest
from django.db import connection

from portal.models import LogEntry
from portal.states import Conflict, Refusal
from stakeholders.actions import change_organisation
from stakeholders.models import Organisation, OrganisationLink, Trait
from stakeholders.states import TraitKind
from tests import build


def change(organisation, by, **values):
    """Change the organisation from the version that it has."""
    return change_organisation(organisation, by=by, version=organisation.version, **values)


def test_columns_are_written_and_recorded_by_name_only(cast):
    saved = change(cast.organisation, cast.representative, name_en="Serikat Baru", contact_phone="0811")
    saved.refresh_from_db()
    assert (saved.name, saved.name_key, saved.contact_phone, saved.version) == (
        "Serikat Baru",
        "serikat baru",
        "0811",
        2,
    )
    assert list(saved.names.values_list("text", flat=True)) == ["Serikat Baru"]
    entry = LogEntry.objects.get()
    assert (entry.verb, entry.actor, entry.detail) == ("change", cast.representative, "contact_phone name_en")


def test_same_again_changes_nothing(cast):
    values = {"name_en": cast.organisation.name, "groups": list(cast.organisation.groups.all()), "networks": []}
    assert (change(cast.organisation, cast.convenor, **values).version, LogEntry.objects.count()) == (1, 0)


def test_second_editor_gets_both_and_nothing_is_written(cast):
    change(cast.organisation, cast.representative, introduction="One.")
    with pytest.raises(Conflict) as conflict:
        change_organisation(cast.organisation, by=cast.convenor, version=1, introduction="Other.", traits={"role": {}})
    assert conflict.value.current.introduction == "One."
    assert Organisation.objects.get(pk=cast.organisation.pk).introduction == "One."


@pytest.mark.parametrize("state", ["merged", "dissolved"])
def test_what_is_over_is_not_changed(cast, state):
    Organisation.objects.filter(pk=cast.organisation.pk).update(state=state)
    with pytest.raises(Refusal):
        change(cast.organisation, cast.convenor, introduction="One.")


def test_traits_of_other_kinds_stay(cast):
    for kind, code in (("basis", "women"), ("service", "health")):
        Trait.objects.create(organisation=cast.organisation, kind=kind, code=code)
    change(cast.organisation, cast.convenor, traits={TraitKind.BASIS: {"youth": ""}, TraitKind.ISSUE: {}})
    assert list(cast.organisation.traits.values_list("kind", "code")) == [("basis", "youth"), ("service", "health")]


def test_ties_that_the_person_may_not_see_stay(cast):
    withheld = build.make_organisation(visibility="withheld")
    parent, network = build.make_organisation(), build.make_organisation(level="regional")
    for other, kind in ((withheld, "network"), (parent, "branch")):
        OrganisationLink.objects.create(organisation=cast.organisation, other=other, kind=kind)
    ties = [(network, ""), (parent, ""), (withheld, ""), (cast.organisation, ""), (None, "Utara")]
    change(cast.organisation, cast.representative, networks=ties)
    assert set(cast.organisation.links.values_list("kind", "other", "other_name")) == {
        ("network", withheld.pk, ""),
        ("branch", parent.pk, ""),
        ("network", network.pk, ""),
        ("network", None, "Utara"),
    }
    cast.organisation.refresh_from_db()
    change(cast.organisation, cast.representative, networks=[])
    assert set(cast.organisation.links.values_list("kind", "other")) == {
        ("network", withheld.pk),
        ("branch", parent.pk),
    }


def test_groups_that_do_not_apply_are_kept_but_not_taken(cast):
    militia, media = build.make_group("militia", hearing="never"), build.make_group("media", hearing="public")
    cast.organisation.groups.add(media)
    with pytest.raises(Refusal):
        change(cast.organisation, cast.representative, groups=[build.make_group(), media, militia])
    change(cast.organisation, cast.representative, groups=[media])
    assert list(cast.organisation.groups.all()) == [media]


def test_withheld_from_now_on_loses_the_address_with_its_name(cast):
    organisation = build.make_organisation(slug="serikat-rahasia")
    saved = change(organisation, cast.convenor, visibility="withheld")
    assert (saved.slug.startswith("org-"), "rahasia" in saved.slug) == (True, False)
    kept = change(saved, cast.convenor, visibility="public").slug
    assert change(Organisation.objects.get(pk=saved.pk), cast.convenor, visibility="withheld").slug == kept


@pytest.mark.django_db(transaction=True)
def test_two_editors_at_once_leave_one_text_and_one_conflict():
    organisation, convenor = build.make_organisation(), build.make_convenor()
    barrier, results = threading.Barrier(2), []

    def edit(text):
        barrier.wait()
        try:
            results.append(change_organisation(organisation, by=convenor, version=1, introduction=text).introduction)
        except Conflict as conflict:
            results.append(conflict.current.introduction)
        finally:
            connection.close()

    threads = [threading.Thread(target=edit, args=(text,)) for text in ("One.", "Other.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stored = Organisation.objects.get(pk=organisation.pk)
    assert (results, stored.version) == ([stored.introduction] * 2, 2)
