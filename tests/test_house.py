"""The house rules, executed: rooms and directions, sizes, guarded routes, templates, mails, translations."""

import ast
import io
import re
import statistics
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation.template import templatize

from portal import languages, mail
from portal.field_classes import _BY_MODEL, CLASSES
from portal.routes import PUBLIC_ROUTES

ROOT = Path(settings.BASE_DIR)
APPS = ("portal", "stakeholders", "consultations", "recommendations")
DOMAIN = APPS[1:]
LAYERS = {
    "states": 0,
    "querysets": 1,
    "models": 2,
    "translation": 2,
    "rules": 3,
    "emails": 4,
    "actions": 5,
    "forms": 6,
    "views": 7,
    "tasks": 7,
    "api": 7,
    "admin": 7,
    "urls": 8,
    "apps": 9,
}
# Rooms named by their noun, with the layer they stand on.
NOUN_ROOMS = {
    "majorities": 0,
    "paragraphs": 0,
    "sealing": 0,
    "floor": 3,
    "balance": 3,
    "calendar": 3,
    "summaries": 3,
    "canonical": 3,
    "documents": 3,
    "importing": 3,
    "letters": 3,
    "likeness": 3,
    "merging": 3,
    "papers": 3,
    "public_calendar": 3,
    "sheets": 3,
    "mapping": 3,
    "placeholders": 3,
    "signing_in": 3,
    "tables": 3,
    "timeline": 6,
    "templatetags": 7,
    "management": 9,
}
# What puts the apps together, and is not part of the kit that the apps stand on.
COMPOSITION = ("views", "urls", "demo", "management", "settings", "admin", "field_classes", "routes", "digests")
FORBIDDEN_ROOMS = ("utils", "helpers", "services", "signals", "receivers")
TOP_LEVEL = {
    "manage.py", "portal", "stakeholders", "consultations", "recommendations", "templates", "locale", "tests",
    "requirements.txt", "README.md", "Makefile", "pyproject.toml", ".ci", "deploy", "docs", "benchmarks",
    "CHANGELOG.md", "LICENSE", "requirements-dev.txt", ".gitignore",
}  # fmt: skip


@cache
def sources() -> dict[str, ast.Module]:
    """Return every module of the product, parsed, by its path from the root."""
    found = {}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                found[str(path.relative_to(ROOT))] = ast.parse(path.read_text())
    return found


def room_of(name: str) -> str:
    """Return the room of a path or a dotted module: the second part."""
    parts = name.removesuffix(".py").replace("/", ".").split(".")
    return parts[1] if len(parts) > 1 else ""


def imported(tree: ast.Module) -> set[str]:
    """Return the dotted names that a module imports from our own apps, each with the room."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in APPS:
            names |= {node.module} if "." in node.module else {f"{node.module}.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if alias.name.split(".")[0] in APPS}
    return names


def layer_of(room: str) -> int | None:
    """Return the layer of a domain app's room; None for a room that nobody named."""
    return {**LAYERS, **NOUN_ROOMS}.get(room)


@cache
def functions() -> list[tuple[str, Any, int]]:
    """Return path, node and length of every function of the product."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [
        (path, node, node.end_lineno - node.lineno + 1)
        for path, tree in sources().items()
        for node in ast.walk(tree)
        if isinstance(node, kinds)
    ]


def routes() -> list[tuple[str, str, Any]]:
    """Return address, name and view of every route that is ours."""

    def walk(resolver: Any, prefix: str) -> list[tuple[str, str, Any]]:
        found = []
        for entry in resolver.url_patterns:
            address = prefix + str(entry.pattern)
            if isinstance(entry, URLResolver):
                found += walk(entry, address)
            elif isinstance(entry, URLPattern):
                found.append((address, entry.name or "", entry.callback))
        return found

    return walk(get_resolver(), "")


def ours(view: Any) -> bool:
    """Whether the view is one of our functions."""
    return getattr(view, "__module__", "").split(".")[0] in APPS


def test_top_level_is_fixed() -> None:
    tracked = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True, check=False).stdout
    assert {line.split("/")[0] for line in tracked.splitlines()} - TOP_LEVEL == set()


def test_no_forbidden_rooms() -> None:
    assert [path for path in sources() if Path(path).stem in FORBIDDEN_ROOMS] == []


@pytest.mark.parametrize("app", DOMAIN)
def test_every_room_is_named(app: str) -> None:
    rooms = {room_of(path) for path in sources() if path.startswith(f"{app}/")} - {"__init__"}
    assert {room for room in rooms if layer_of(room) is None} == set()


@pytest.mark.parametrize("app", DOMAIN)
def test_apps_import_downwards_only(app: str) -> None:
    allowed = {*APPS[: APPS.index(app) + 1]}
    wrong = [
        f"{path} imports {name}"
        for path, tree in sources().items()
        if path.startswith(f"{app}/")
        for name in imported(tree)
        if name.split(".")[0] not in allowed
    ]
    assert wrong == []


def test_rooms_import_downwards_only() -> None:
    wrong = []
    for path, tree in sources().items():
        app, room = path.split("/")[0], room_of(path)
        if app == "portal" or room == "__init__":
            continue
        for name in imported(tree):
            other = room_of(name)
            if name.split(".")[0] == "portal" or other == room or layer_of(other) is None:
                continue
            if layer_of(other) > layer_of(room):
                wrong.append(f"{path} imports {name}")
    assert wrong == []


def test_kit_does_not_know_the_domain() -> None:
    wrong = [
        f"{path} imports {name}"
        for path, tree in sources().items()
        if path.startswith("portal/") and room_of(path) not in COMPOSITION
        for name in imported(tree)
        if name.split(".")[0] in DOMAIN or room_of(name) in COMPOSITION[:4]
    ]
    assert wrong == []


def test_no_imports_inside_functions() -> None:
    wrong = [
        f"{path}:{node.lineno}"
        for path, function, _length in functions()
        if not path.endswith("/apps.py")
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []


def test_no_receivers() -> None:
    pattern = re.compile(r"@receiver|dispatch import|signals\.|_save\.connect|signals import")
    assert [path for path in sources() if pattern.search((ROOT / path).read_text())] == []


def test_function_lengths() -> None:
    lengths = sorted(length for _path, _node, length in functions())
    assert statistics.median(lengths) <= 8
    assert lengths[int(len(lengths) * 0.95)] <= 35
    assert [f"{path} {node.name}" for path, node, length in functions() if length > 60] == []


def test_views_are_short() -> None:
    wrong = [
        f"{path} {node.name} ({length})"
        for path, node, length in functions()
        if room_of(path) == "views" and length > 25
    ]
    assert wrong == []


def test_files_are_short() -> None:
    wrong = [path for path in sources() if len((ROOT / path).read_text().splitlines()) > 400]
    assert wrong == []


def test_actions_rules_and_kit_are_documented_and_typed() -> None:
    wrong = []
    for path, tree in sources().items():
        room = room_of(path)
        if room in {"views", "templatetags", "admin"} or not (
            path.startswith("portal/") or room in {"actions", "rules", "querysets", "states", "models"}
        ):
            continue
        for owner in (tree, *(node for node in tree.body if isinstance(node, ast.ClassDef))):
            for node in owner.body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    wrong += [] if ast.get_docstring(node) and node.returns else [f"{path} {node.name}"]
    assert wrong == []


def test_every_room_says_what_it_is() -> None:
    empty = [path for path, tree in sources().items() if not tree.body and path.endswith("__init__.py")]
    assert [path for path, tree in sources().items() if not ast.get_docstring(tree) and path not in empty] == []


def test_actions_never_see_a_request() -> None:
    wrong = [
        f"{path} {node.name}"
        for path, node, _length in functions()
        if room_of(path) in {"actions", "emails", "rules", "querysets", "models", "tasks"}
        and "request" in {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
    ]
    assert wrong == []


def test_states_change_only_through_actions() -> None:
    wrong = [
        path
        for path in sources()
        if room_of(path) in {"views", "forms", "emails", "admin"}
        and re.search(r"\.move\(|\.state = |update\(state=", (ROOT / path).read_text())
    ]
    assert wrong == []


def test_every_route_is_public_by_list_or_guarded() -> None:
    public, wrong = set(), []
    for address, name, view in routes():
        if not ours(view):
            continue
        if getattr(view, "is_public", False):
            public.add(name)
        elif not getattr(view, "is_guarded", False):
            wrong.append(address)
    assert wrong == []
    assert public == PUBLIC_ROUTES


def test_view_route_and_template_share_one_name() -> None:
    wrong = [f"{name} -> {view.__name__}" for _address, name, view in routes() if ours(view) and name != view.__name__]
    assert wrong == []


@pytest.mark.django_db
def test_no_missing_or_unnamed_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
    names = [path.stem for app in APPS for path in (ROOT / app / "migrations").glob("0*.py")]
    assert [name for name in names if re.search(r"_auto_|_initial$", name)] == []


def templates() -> list[Path]:
    """Return every template."""
    return sorted((ROOT / "templates").rglob("*.html"))


def mails() -> list[Path]:
    """Return the templates of mails, where mail programs need their styles in the text."""
    return [path for path in templates() if "emails" in path.parts]


def test_no_inline_script_or_style() -> None:
    pattern = re.compile(r"<style|\sstyle=|\son[a-z]+=\"|<script(?![^>]*\ssrc=)", re.IGNORECASE)
    pages = [path for path in templates() if path not in mails()]
    assert [str(path.relative_to(ROOT)) for path in pages if pattern.search(path.read_text())] == []


def test_template_depth_and_length() -> None:
    def depth(path: Path) -> int:
        parent = re.search(r"{% extends ['\"]([^'\"]+)['\"]", path.read_text())
        above = ROOT / "templates" / parent[1] if parent else None
        # What is not ours, as Django's own back office, counts as one.
        return 1 + (0 if above is None else depth(above) if above.exists() else 1)

    assert [str(path.relative_to(ROOT)) for path in templates() if depth(path) > 3] == []
    lengths = sorted(len(path.read_text().splitlines()) for path in templates())
    assert lengths[int(len(lengths) * 0.95)] <= 120
    assert len((ROOT / "templates/base.html").read_text().splitlines()) <= 100


def test_every_mail_file_has_its_function_and_the_other_way_round() -> None:
    files = {str(path.relative_to(ROOT / "templates")) for path in mails() if path.parent.name == "emails"}
    known = {email.template for email in mail.REGISTRY.values()}
    assert files - {"emails/page.html"} == known


def test_every_field_has_a_class() -> None:
    known = {f"{label}.{name}" for label, names in CLASSES.items() for name in names}
    missing, real = [], set()
    for app in APPS:
        for model in apps.get_app_config(app).get_models(include_auto_created=False):
            for field in model._meta.get_fields():
                if not isinstance(field, models.Field) or field.primary_key or hasattr(field, "translated_field"):
                    continue
                name = f"{model._meta.label_lower}.{field.name}"
                real.add(name)
                if name not in known:
                    missing.append(name)
    assert missing == []
    assert known - real == set()


def test_every_class_is_one_of_four_and_said_once() -> None:
    said = [
        f"{label}.{name}" for label, levels in _BY_MODEL.items() for names in levels.values() for name in names.split()
    ]
    assert sorted({name for name in said if said.count(name) > 1}) == []
    assert {level for levels in _BY_MODEL.values() for level in levels} <= {"P0", "P1", "P2", "P3"}


def test_a_relation_and_a_column_of_a_language_have_a_class_too() -> None:
    many, translated = [], []
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            known = CLASSES.get(model._meta.label_lower, {})
            many += [
                f"{model._meta.label_lower}.{field.name}"
                for field in model._meta.many_to_many
                if field.name not in known
            ]
            columns = [field for field in model._meta.get_fields() if hasattr(field, "translated_field")]
            translated += [field.name for field in columns if field.translated_field.name not in known]
    assert (many, translated) == ([], [])


KEYWORDS = {
    "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2), "npgettext": ((1, "c"), 2, 3),
}  # fmt: skip


def messages() -> set[tuple[str, ...]]:
    """Return every message of the product's code and templates: one form, or singular and plural."""
    found = set()
    texts = [(ROOT / path).read_text() for path in sources()]
    # What templatize leaves is Python but for its indentation.
    texts += ["\n".join(map(str.lstrip, templatize(path.read_text()).splitlines())) for path in templates()]
    for text in texts:
        for _line, _function, message, _comments in extract_python(io.BytesIO(text.encode()), KEYWORDS, (), {}):
            forms = message if isinstance(message, tuple) else (message,)
            found.add(tuple(form for form in forms if form))
    return found - {()}


@pytest.mark.parametrize("language", [language.code for language in languages.SHIPPED[1:]])
def test_no_untranslated_message(language: str) -> None:
    with (ROOT / "locale" / language / "LC_MESSAGES" / "django.po").open("rb") as stream:
        catalogue = read_po(stream, abort_invalid=True)
    known = {entry.id if isinstance(entry.id, tuple) else (entry.id,): entry for entry in catalogue if entry.id}
    assert [message for message in sorted(messages()) if message not in known] == []
    for form, entry in known.items():
        strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        assert all(strings), form
        assert not entry.fuzzy, form
