"""Utilities (tenants) and the host names that lead to them.  Global tables."""

from zoneinfo import ZoneInfo

from django.db import models


class Utility(models.Model):
    """One town or district: everything else belongs to exactly one of these."""

    id = models.BigAutoField(primary_key=True)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=40, default="America/Chicago", help_text="IANA time zone of its days")
    is_training = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which the utility's days begin and end."""
        return ZoneInfo(self.zone)


class Domain(models.Model):
    """A host name of a utility, without port, lower case."""

    id = models.BigAutoField(primary_key=True)
    host = models.CharField(max_length=253, unique=True)
    utility = models.ForeignKey(Utility, on_delete=models.PROTECT, related_name="domains")

    def __str__(self) -> str:
        return self.host
