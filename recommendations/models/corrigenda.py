"""The correction of a published text: what is corrected, why, on whose authority. It makes the next edition."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.models import Stateful, Timestamped, state_constraint
from recommendations import states
from recommendations.models.statements import Edition, Statement
from recommendations.querysets.editions import CorrigendumQuerySet


class Corrigendum(Timestamped, Stateful):
    """Letters that are set right in an adopted text. Its meaning stays: another meaning needs another adoption."""

    lifecycle = states.CORRIGENDUM

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="corrigenda")
    corrects = models.ForeignKey(Edition, models.PROTECT, related_name="corrigenda", verbose_name=_("edition"))
    made = models.OneToOneField(Edition, models.PROTECT, null=True, blank=True, related_name="corrigendum")
    state = models.CharField(_("state"), max_length=8, choices=states.CorrigendumState.choices, default="draft")
    # By passage ("title", "official_title", "preamble", "ASEAN 3") the new text per language.
    texts = models.JSONField(_("corrected passages"), default=dict, blank=True)
    reason = models.TextField(_("why"), blank=True)
    authority = models.CharField(_("on whose authority"), max_length=300, blank=True)
    keeps_meaning = models.BooleanField(_("changes no meaning"), default=False)
    version = models.PositiveIntegerField(default=1)
    issued_at = models.DateTimeField(_("issued at"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    objects = CorrigendumQuerySet.as_manager()

    class Meta:
        verbose_name = _("corrigendum")
        verbose_name_plural = _("corrigenda")
        ordering: Any = ("statement", "id")
        constraints = (
            state_constraint(states.CORRIGENDUM, "corrigendum_state"),
            models.UniqueConstraint(
                fields=["statement"], condition=Q(state__in=["draft", "proposed"]), name="corrigendum_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"corrigendum {self.pk}"
