"""Loading a task force's own terms: once, whole, never over what was accepted."""

import json
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from stakeholders.models import TermsOfReference

SHIPPED = settings.BASE_DIR / "portal" / "demo" / "terms.json"


def load(path):
    """Return what the command prints."""
    out = StringIO()
    call_command("load_terms", path, stdout=out)
    return out.getvalue()


def written(folder, **changed):
    """Return a file like the one that is shipped, but for the changes to its first version."""
    facts = json.loads(SHIPPED.read_text(encoding="utf-8"))
    facts["terms"][0].update(changed)
    path = folder / "terms.json"
    path.write_text(json.dumps(facts), encoding="utf-8")
    return path


def test_shipped_file_loads_and_loads_again(db):
    for _time in range(2):
        assert load(SHIPPED) == "Loaded up to version 1.\n"
    terms = TermsOfReference.objects.get()
    assert (terms.number, bool(terms.text_en), bool(terms.text_ind), bool(terms.title_ind)) == (1, True, True, True)


def test_demonstration_and_file_agree(db):
    call_command("seed_demo", stdout=StringIO())
    assert load(SHIPPED) == "Loaded up to version 1.\n"


def test_new_number_is_a_new_version(db, tmp_path):
    load(SHIPPED)
    assert load(written(tmp_path, number=2, since="2026-01-01")) == "Loaded up to version 2.\n"


@pytest.mark.parametrize("changed", [{"title": {"en": "Other", "id": "Lain"}}, {"since": "2026-01-01"}])
def test_version_with_another_text_is_refused(db, tmp_path, changed):
    load(SHIPPED)
    with pytest.raises(CommandError):
        load(written(tmp_path, **changed))


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"terms": [{"number": 1}]}', '{"terms": []}'])
def test_file_that_is_none_is_refused_in_a_sentence(db, tmp_path, content):
    path = tmp_path / "terms.json"
    path.write_text(content)
    with pytest.raises(CommandError):
        load(path)
    assert TermsOfReference.objects.count() == 0


def test_missing_file_is_refused_in_a_sentence(db, tmp_path):
    with pytest.raises(CommandError):
        load(tmp_path / "none.json")
