"""What is taken out of the register is written down."""

from django.db import transaction

from portal import log
from portal.models import User


@transaction.atomic
def record_export(*, by: User) -> None:
    """Write down that a convenor took the register along with its contacts. Which rows, nobody needs to know later."""
    log.record("export_contacts", by, by=by)
