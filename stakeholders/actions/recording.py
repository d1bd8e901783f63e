"""A convenor writes down a group that cannot apply: no registration, no e-mail, no address of its own."""

import secrets
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal import log, text
from portal.models import User
from portal.states import Refusal
from stakeholders.models import Country, Organisation, StakeholderGroup
from stakeholders.querysets import standing_of


@transaction.atomic
def record_organisation(
    *,
    by: User,
    trusted_contact: str,
    groups: Iterable[StakeholderGroup],
    countries: Iterable[Country] = (),
    **facts: Any,
) -> Organisation:
    """Write down a group with somebody who answers for it. It waits for a decision like any application.

    Raises Refusal without a trusted contact or a group. The address says nothing of the name.
    """
    groups = list(groups)
    if not standing_of(by).convenor:
        raise Refusal(_("Only convenors write down organisations that cannot apply."))
    if text.is_blank(trusted_contact):
        raise Refusal(_("Say who answers for it."), field="trusted_contact")
    if not groups:
        raise Refusal(_("Choose at least one group."), field="groups")
    organisation = Organisation.objects.create(
        slug=f"o-{secrets.token_hex(6)}", trusted_contact=trusted_contact, applied_at=timezone.now(), **facts
    )
    organisation.groups.set(groups)
    organisation.countries.set(countries)
    log.record("record", organisation, by=by)
    return organisation
