"""A utility's policies, its number series and its search keys."""

from django.db import models

from core.tenancy.fields import TenantModel


class PolicyValue(TenantModel):
    """A policy's value from a day on.  A policy without a row is unset, which is not zero."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=60)
    starts = models.DateField()
    value = models.JSONField(null=True, help_text="null: unset again from this day")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        indexes = [models.Index(fields=["tenant", "code", "-starts", "-id"], name="policy_by_code")]


class Counter(TenantModel):
    """The next number of a series without gaps; numbers are taken in blocks, its lock late."""

    id = models.BigAutoField(primary_key=True)
    series = models.CharField(max_length=40)
    next = models.BigIntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "series"], name="series_once")]


class SearchKey(TenantModel):
    """A normalised token under which something is found; ``COLLATE "C"``, asked by ranges only."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    ref = models.BigIntegerField()
    token = models.CharField(max_length=60, db_collation="C")

    class Meta:
        indexes = [
            models.Index(fields=["tenant", "kind", "token", "ref"], name="search_by_key"),
            models.Index(fields=["tenant", "kind", "ref", "token"], name="search_by_ref"),
        ]


class Code(TenantModel):
    """A code of the utility's own with its description; a retired one stays on what has it."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "code"], name="code_once_a_kind")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
