"""Applications that wait: one looks like a record that is there, one has no address, one appeals."""

from datetime import date

from portal.demo.facts import Calendar, Facts, both, by_key, one, read
from portal.models import User
from stakeholders.models import Appeal, Decision, Organisation, StakeholderGroup


def load_applications(today: date) -> None:
    """Add the applications that are missing. What users decided about the others stays."""
    there = set(Organisation.objects.values_list("slug", flat=True))
    missing = [facts for facts in read("applications")["applications"] if facts["slug"] not in there]
    groups = by_key(StakeholderGroup, "slug") if missing else {}
    calendar = Calendar(today, "Asia/Jakarta")
    for facts in missing:
        organisation = _application(facts, calendar)
        organisation.groups.set(groups[slug] for slug in facts["groups"])
        if "appeal" in facts:
            _appeal(organisation, facts, calendar)


def _application(facts: Facts, calendar: Calendar) -> Organisation:
    return Organisation.objects.create(
        slug=facts["slug"],
        acronym=facts["acronym"],
        country_id=facts["country"],
        side=facts["side"],
        visibility=facts["visibility"],
        language=facts["language"],
        contact_email=facts["email"],
        contact_phone=facts["phone"],
        trusted_contact=facts["trusted"],
        introduction=one(facts["introduction"], facts["language"]),
        applied_at=calendar.at(calendar.day(facts["applied_day"]), "09:30"),
        illustrative=True,
        **both("name", facts["name"]),
    )


def _appeal(organisation: Organisation, facts: Facts, calendar: Calendar) -> None:
    """Write what was refused, by the convenor who came last, and what was said against it."""
    refuser = User.objects.filter(convenorships__role="convenor").order_by("pk").last()
    decision = Decision.objects.create(
        organisation=organisation,
        verdict="refused",
        reasons=one(facts["reasons"], organisation.language),
        by=refuser,
        at=calendar.at(calendar.day(facts["refused_day"]), "14:00"),
    )
    text, at = one(facts["appeal"], organisation.language), calendar.at(calendar.day(facts["appeal_day"]), "16:00")
    Appeal.objects.create(decision=decision, text=text, at=at)
