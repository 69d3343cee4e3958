"""Tariffs as dated data: a table, and the versions it had."""

from django.db import models

from core.tenancy.fields import Ref, TenantModel


class RateTable(TenantModel):
    """A rate that services refer to by its code; what it says is in its versions."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    service_type = models.CharField(max_length=20)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="rate_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class RateVersion(TenantModel):
    """What a table says from ``starts`` up to but not including ``ends``.

    ``content`` is the engine's tariff document (``rates/engine/schema.json``), ``content_hash`` its
    SHA-256.  Active versions of a table never overlap: the database excludes it.  Who writes on a
    version (``prepared_by``, and ``changed_by``, a line each) does not activate it; what is no draft any
    more never changes.
    """

    class State(models.TextChoices):
        """Draft until a second person activates it."""

        DRAFT = "draft", "Draft"
        ACTIVE = "active", "Active"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.BigAutoField(primary_key=True)
    table = Ref(RateTable)
    starts = models.DateField()
    ends = models.DateField(null=True)
    content = models.JSONField()
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    prepared_by = models.CharField(max_length=80)
    changed_by = models.TextField(
        blank=True, default="", db_default="", help_text="who else wrote on the draft"
    )
    activated_by = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=300, blank=True, help_text="the ordinance or page it was taken from")
    made_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["tenant", "content_hash"], name="rate_by_hash")]
