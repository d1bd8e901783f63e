"""One table of two thousand rows."""

from django.db import models


class Row(models.Model):
    """What a row of a list shows."""

    title = models.CharField(max_length=200)
    place = models.CharField(max_length=80)
    day = models.DateField()
    state = models.CharField(max_length=12)
    text = models.TextField()

    class Meta:
        indexes = (models.Index(fields=["-day", "-id"], name="row_by_day"),)

    def __str__(self) -> str:
        return self.title
