"""Counters that limit attempts. A table, so that all web processes count together and a restart forgets nothing."""

from django.db import models


class Throttle(models.Model):
    """How often something was tried in one window. The key is a keyed hash: no network address is stored."""

    bucket = models.CharField(max_length=90)
    window = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bucket", "window"], name="throttle_bucket_once_per_window")]

    def __str__(self):
        return f"{self.bucket} {self.count}"
