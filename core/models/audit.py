"""What was done, by whom, in an unbroken chain; and answers kept for repeated requests."""

from django.db import models
from django.db.models.functions import Now

from core.tenancy.fields import TenantModel


class AuditHead(TenantModel):
    """The last number and hash of a utility's chain; its lock is the last one an operation takes."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="one_audit_head")]


class AuditEntry(TenantModel):
    """One operation by one actor.  ``number`` runs 1…N without gap; ``hash`` covers the previous hash."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField()
    at = models.DateTimeField()
    actor = models.CharField(max_length=80, help_text="operator:7, partner:3 or system")
    actor_name = models.CharField(max_length=80)
    operation = models.CharField(max_length=80)
    operation_id = models.UUIDField(help_text="The outermost operation; journals carry the same")
    what = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="audit_number_once")]
        indexes = [models.Index(fields=["tenant", "operation_id"], name="audit_by_operation")]


class Change(TenantModel):
    """Before and after of one row of master data, written by a row trigger."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    operation_id = models.UUIDField(null=True)
    table = models.CharField(max_length=63)
    row_id = models.BigIntegerField()
    before = models.JSONField()
    after = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["tenant", "table", "row_id"], name="change_by_row")]


class Answer(TenantModel):
    """The ids that a request with an idempotency key led to; a repetition gets the same answer."""

    id = models.BigAutoField(primary_key=True)
    caller = models.CharField(max_length=80)
    operation = models.CharField(max_length=80)
    key = models.CharField(max_length=120)
    request_hash = models.CharField(max_length=64)
    result = models.JSONField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "caller", "operation", "key"], name="answer_once"),
        ]
