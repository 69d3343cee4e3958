"""Files in and out."""

from django.db import models
from django.db.models import Q

from core.models import Job, StoredFile
from core.tenancy.fields import Ref, TenantModel


class ImportFile(TenantModel):
    """A received file on its way: received → scanned → approved → applied (or cancelled, refused).

    One live import per feed and content: the same file again is refused by the database.
    """

    class State(models.TextChoices):
        """Where it stands."""

        RECEIVED = "received", "Received"
        SCANNED = "scanned", "Scanned"
        REFUSED = "refused", "Refused"
        APPROVED = "approved", "Approved"
        APPLIED = "applied", "Applied"
        CANCELLED = "cancelled", "Cancelled"

    id = models.BigAutoField(primary_key=True)
    feed = models.CharField(max_length=40)
    file = Ref(StoredFile, lookup=False)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    received_at = models.DateTimeField()
    received_by = models.CharField(max_length=80)
    received_by_name = models.CharField(max_length=80)
    approved_by = models.CharField(max_length=80, blank=True)
    ready = models.IntegerField(default=0)
    errors = models.IntegerField(default=0)
    warnings = models.IntegerField(default=0)
    applied = models.IntegerField(default=0)
    faults = models.JSONField(default=list, help_text="faults of the file as a whole")
    rejects = Ref(StoredFile, null=True, lookup=False)
    job = Ref(Job, null=True, lookup=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "feed", "sha256"],
                condition=~Q(state__in=["cancelled", "refused"]),
                name="same_file_once",
            ),
        ]


class ImportRow(TenantModel):
    """A staged row: what will be applied, or why it will not."""

    id = models.BigAutoField(primary_key=True)
    import_file = Ref(ImportFile, lookup=False)
    line = models.IntegerField()
    state = models.CharField(max_length=10, help_text="ready, warning, error, applied")
    values = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    raw = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "import_file", "line"], name="staged_once")]
