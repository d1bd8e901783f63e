"""Two records of one organisation become one."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import log
from portal.models import User
from portal.states import Refusal
from stakeholders import merging
from stakeholders.actions.deciding import demand_may_decide
from stakeholders.models import Organisation


@transaction.atomic
def merge_organisations(kept: Organisation, merged: Organisation, *, by: User, former: bool = False) -> Organisation:
    """Move all that belongs to the merged record to the kept one; return the kept one. Raises Refusal.

    `former` says that the merged record's names are former ones. Both rows are locked in one order, whoever is to
    stay: two merges of the same two records at once do not wait for each other for ever.
    """
    pair = Organisation.objects.select_for_update().filter(pk__in=[kept.pk, merged.pk]).order_by("pk")
    rows = {row.pk: row for row in pair}
    kept, merged = rows[kept.pk], rows[merged.pk]
    merging.demand_mergeable(kept, merged)
    for row in (kept, merged):
        demand_may_decide(row, by)
    if merged.groups.filter(hearing="never").exists():
        raise Refusal(_("The other record belongs to a group that is never seated. Refuse it instead."))
    merging.absorb(kept, merged, former=former)
    merging.move_everything(kept, merged)
    # Its old name still stands in what was adopted: there it must show no more than the kept one does.
    merged.move("merge", merged_into=kept, visibility=kept.visibility)
    log.record("merge", kept, by=by, detail=f"{merged.pk}")
    return kept
