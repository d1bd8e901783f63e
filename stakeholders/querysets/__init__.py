"""Named reads: which organisations and bodies a person may see, and what a person is."""

from stakeholders.querysets.bodies import SUCCESSIONS, PublicBodyQuerySet
from stakeholders.querysets.mandates import AppointmentQuerySet, ConvenorshipQuerySet, DatedQuerySet, MembershipQuerySet
from stakeholders.querysets.organisations import (
    ImportQuerySet,
    LinkQuerySet,
    NameQuerySet,
    OrganisationQuerySet,
    TermsQuerySet,
)
from stakeholders.querysets.standing import NOBODY, Standing, has_second_factor, mandates_of, seen_by, standing_of

__all__ = [
    "NOBODY",
    "SUCCESSIONS",
    "AppointmentQuerySet",
    "ConvenorshipQuerySet",
    "DatedQuerySet",
    "ImportQuerySet",
    "LinkQuerySet",
    "MembershipQuerySet",
    "NameQuerySet",
    "OrganisationQuerySet",
    "PublicBodyQuerySet",
    "Standing",
    "TermsQuerySet",
    "has_second_factor",
    "mandates_of",
    "seen_by",
    "standing_of",
]
