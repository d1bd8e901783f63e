"""Countries, groups, public bodies; organisations; the dated mandates of people; imports of lists."""

from stakeholders.models.imports import ImportRow, ListImport
from stakeholders.models.mandates import Convenorship, Dated, LiaisonAppointment, Membership
from stakeholders.models.places import Country, PublicBody, StakeholderGroup
from stakeholders.models.register import (
    Appeal,
    Decision,
    Organisation,
    OrganisationLink,
    OrganisationName,
    TermsOfReference,
    Trait,
    described,
)

__all__ = [
    "Appeal",
    "Convenorship",
    "Country",
    "Dated",
    "Decision",
    "ImportRow",
    "LiaisonAppointment",
    "ListImport",
    "Membership",
    "Organisation",
    "OrganisationLink",
    "OrganisationName",
    "PublicBody",
    "StakeholderGroup",
    "TermsOfReference",
    "Trait",
    "described",
]
