"""The import of a list of organisations and people, in two phases: a dry run row by row, then all or nothing."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.models import Stateful, Timestamped, state_constraint
from stakeholders import querysets, states
from stakeholders.models.register import Organisation


class ListImport(Timestamped, Stateful):
    """One uploaded list. The file is deleted as soon as its rows are read; the rows as soon as it ends."""

    lifecycle = states.IMPORT

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=10, choices=states.ImportState.choices, default="uploaded")
    file = models.FileField(upload_to="imports/", blank=True, max_length=200)
    file_name = models.CharField(_("file"), max_length=200, blank=True)
    # What was found: sheet, encoding, delimiter, headers as they stand, and which column was taken for which field.
    layout = models.JSONField(default=dict, blank=True)
    mapping = models.JSONField(default=dict, blank=True)
    options = models.JSONField(default=dict, blank=True)
    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict, blank=True)
    problem = models.CharField(_("why it could not be read"), max_length=300, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = querysets.ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of a list")
        verbose_name_plural = _("imports of lists")
        ordering = ("-id",)
        constraints = (state_constraint(states.IMPORT, "import_state"),)

    def __str__(self) -> str:
        return f"import {self.pk}"


class ImportRow(models.Model):
    """One row of the list: its cells as read, and what the import would do with it, or why not."""

    run = models.ForeignKey(ListImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))
    cells = models.JSONField(default=list)
    verdict = models.CharField(_("what happens"), max_length=8, choices=states.RowVerdict.choices, blank=True)
    # What would be written, and the sentences that say why, as codes with their values.
    values = models.JSONField(default=dict, blank=True)
    notes = models.JSONField(default=list, blank=True)
    organisation = models.ForeignKey(Organisation, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ("run", "number")
        constraints = (models.UniqueConstraint(fields=["run", "number"], name="import_row_once"),)
        indexes = (models.Index(fields=["run", "verdict", "number"], name="import_row_by_verdict"),)

    def __str__(self) -> str:
        return f"row {self.number}"
