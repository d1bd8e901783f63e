"""Two national consultations feed one regional statement: an item is proposed upward and keeps its origin."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.models import Consultation
from portal.models import Stateful, Timestamped, state_constraint
from recommendations import states
from recommendations.models.statements import Item, Recommendation
from recommendations.querysets.editions import ProposalQuerySet


class Proposal(Timestamped, Stateful):
    """That a published item of one consultation is offered to the common text of a regional one."""

    lifecycle = states.PROPOSAL

    item = models.ForeignKey(Item, models.PROTECT, related_name="proposals")
    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="proposals")
    state = models.CharField(_("state"), max_length=10, choices=states.ProposalState.choices, default="proposed")
    recommendation = models.ForeignKey(Recommendation, models.PROTECT, null=True, blank=True, related_name="proposals")
    reason = models.TextField(_("why it was declined"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("item proposed upward")
        verbose_name_plural = _("items proposed upward")
        ordering: Any = ("id",)
        constraints = (
            state_constraint(states.PROPOSAL, "proposal_state"),
            models.UniqueConstraint(fields=["item", "consultation"], name="proposal_once"),
        )

    def __str__(self) -> str:
        return f"proposal {self.pk}"
