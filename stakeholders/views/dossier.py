"""What convenors read about an organisation before they decide: all it says of itself, and what was decided before."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal import dates, languages
from stakeholders.models import Decision, Organisation
from stakeholders.states import NameKind, TraitKind

Fact = dict[str, Any]


def application(organisation: Organisation) -> list[dict[str, Any]]:
    """Return everything on record in parts, each with its facts. What is empty is left out."""
    parts = (
        (_("Names"), _names(organisation)),
        (_("Who it is"), _kind(organisation)),
        (_("What it does"), _traits(organisation)),
        (_("Contact"), _contact(organisation)),
        (_("Application"), _form(organisation)),
    )
    shown = ((title, [fact for fact in facts if fact["value"]]) for title, facts in parts)
    return [{"title": title, "facts": facts} for title, facts in shown if facts]


def _fact(label: Any, value: Any, note: Any = "", lang: str = "") -> Fact:
    return {"label": capfirst(label), "value": value, "note": note, "lang": lang}


def _names(organisation: Organisation) -> list[Fact]:
    return [
        _fact(NameKind(kind).label, text, languages.own_name(language) if language else "", language)
        for kind, language, text in organisation.all_names()
    ]


def _kind(organisation: Organisation) -> list[Fact]:
    groups = [_fact(_("Group"), group.name, group.get_hearing_display()) for group in organisation.groups.all()]
    return [
        *groups,
        _fact(_("Country"), organisation.country.name if organisation.country else _("several")),
        _fact(_("Works in"), ", ".join(country.name for country in organisation.countries.all())),
        _fact(_("Level"), organisation.get_level_display()),
        _fact(_("Side of the corridor"), organisation.get_side_display()),
        _fact(_("Languages"), ", ".join(map(languages.own_name, organisation.languages.split()))),
        _fact(_("Speaks for people left out"), _("yes") if organisation.speaks_for_omitted else ""),
        _fact(_("How it is shown"), organisation.get_visibility_display()),
    ]


def _traits(organisation: Organisation) -> list[Fact]:
    traits = list(organisation.traits.all())
    rows = [_fact(kind.label, ", ".join(_trait(one) for one in traits if one.kind == kind)) for kind in TraitKind]
    ties = ", ".join(_tie(link) for link in organisation.links.all())
    return [*rows, _fact(_("Ties"), ties), _fact(_("In its own words"), organisation.introduction)]


def _trait(trait: Any) -> str:
    return f"{trait.label} ({trait.get_reach_display()})" if trait.reach else trait.label


def _tie(link: Any) -> str:
    return f"{link.get_kind_display()}: {link.other.name if link.other else link.other_name}"


def _contact(organisation: Organisation) -> list[Fact]:
    return [
        _fact(_("Trusted contact"), organisation.trusted_contact, _("answers for a group without an address")),
        _fact(_("Contact person"), organisation.contact_name),
        _fact(_("Contact address"), organisation.contact_email),
        _fact(_("Telephone"), organisation.contact_phone),
        _fact(_("Web address"), organisation.website),
        _fact(_("Language of its mail"), languages.own_name(organisation.language)),
    ]


def _form(organisation: Organisation) -> list[Fact]:
    applicant, at = organisation.applicant, organisation.terms_accepted_at
    return [
        _fact(_("Legal form and registration"), organisation.registration),
        _fact(_("Applied"), dates.moment(organisation.applied_at) if organisation.applied_at else ""),
        _fact(_("Applied for it"), applicant.full_name if applicant else "", applicant.email if applicant else ""),
        _fact(
            _("Terms accepted"), organisation.terms.title if organisation.terms else "", dates.moment(at) if at else ""
        ),
    ]


def history(decisions: list[Decision]) -> list[dict[str, Any]]:
    """Return what was decided, the last first, each with its grounds and the appeal against it, as a timeline."""
    return [event for one in decisions for event in _events(one)]


def _events(decision: Decision) -> Iterator[dict[str, Any]]:
    if hasattr(decision, "appeal"):
        appeal = decision.appeal
        yield {
            "when": dates.day(appeal.at),
            "iso": _iso(appeal),
            "name": _("Appeal"),
            "text": appeal.text,
            "state": "due",
        }
    yield {
        "when": dates.day(decision.at),
        "iso": _iso(decision),
        "name": decision.get_verdict_display().capitalize(),
        "note": " · ".join(_grounds(decision)),
        "text": " ".join(text for text in (decision.reasons, decision.evidence) if text),
        "state": "done",
    }


def _iso(row: Any) -> str:
    return row.at.isoformat()


def _grounds(decision: Decision) -> list[str]:
    again = _("to be looked at again on %(day)s") % {"day": dates.day(decision.retest_on)} if decision.retest_on else ""
    said = (decision.get_limb_display(), decision.get_conflict_display(), again)
    return [*(text for text in said if text), _("by %(name)s") % {"name": decision.by}]


def rows(found: list[Any]) -> list[dict[str, Any]]:
    """Return look-alikes as rows: with why they were found, and where to compare and merge."""
    return [
        {
            "organisation": one.organisation,
            "name": one.organisation.name,
            "why": one.reasons,
            "url": reverse("organisation_decide", args=[one.organisation.slug]),
        }
        for one in found
    ]
