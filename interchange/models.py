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
    scanned_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=80, blank=True)
    approved_by_name = models.CharField(max_length=80, blank=True)
    single_operator = models.BooleanField(default=False, help_text="approved by the one who received it")
    applied_at = models.DateTimeField(null=True)
    ready = models.IntegerField(default=0, help_text="rows to apply, nothing to remark")
    warnings = models.IntegerField(default=0, help_text="rows to apply that deserve a look")
    errors = models.IntegerField(default=0, help_text="rows that will not be applied")
    skipped = models.IntegerField(default=0, help_text="rows that are there already")
    applied = models.IntegerField(default=0)
    fingerprint = models.CharField(max_length=64, blank=True, help_text="of the staged rows, as approved")
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
    """A staged row: what will be applied, or why it will not.

    ``skipped`` means that it is there already.  ``faults`` are as ``interchange.faults`` writes them.
    """

    id = models.BigAutoField(primary_key=True)
    import_file = Ref(ImportFile, lookup=False)
    line = models.IntegerField()
    state = models.CharField(max_length=10, help_text="ready, warning, error, skipped, applied")
    values = models.JSONField(default=dict)
    faults = models.JSONField(default=list)
    raw = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "import_file", "line"], name="staged_once")]
