"""Purges: settled groups of closed periods, archived to a file and replaced by what they come to."""

from django.db import models
from django.db.models import Q

from core.tenancy.fields import Ref, TenantModel


class Purge(TenantModel):
    """Old transactions proposed for removal by one person, removed when a second one approves.

    ``seen`` (what goes, what stays and why), the totals and ``done_at`` are written by the database alone
    (``ledger.purge_guards``).  The headers of removed journals remain and name their purge.
    """

    class State(models.TextChoices):
        """Its life.  Archiving never outlives its transaction."""

        WAITING = "waiting", "Waiting"
        ARCHIVING = "archiving", "Archiving"
        DONE = "done", "Done"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.BigAutoField(primary_key=True)
    before = models.DateField(help_text="everything earlier than this day that may go")
    on = models.DateField(help_text="proposed")
    maker = models.CharField(max_length=80)
    maker_name = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    checker = models.CharField(max_length=80, blank=True)
    checker_name = models.CharField(max_length=80, blank=True)
    checked_at = models.DateTimeField(null=True)
    checked_why = models.CharField(max_length=200, blank=True, help_text="why it was refused")
    seen = models.JSONField(default=dict)
    archive = Ref("core.StoredFile", null=True, lookup=False)
    archive_sha256 = models.CharField(max_length=64, blank=True)
    rows_digest = models.CharField(max_length=64, blank=True, help_text="of the hashes of the archive's rows")
    totals_before = models.JSONField(null=True)
    totals_after = models.JSONField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=("waiting", "archiving"), done_at=None)
                | Q(state="done", done_at__isnull=False, archive__isnull=False, checked_at__isnull=False)
                | Q(state__in=("refused", "withdrawn"), done_at=None, checked_at__isnull=False),
                name="purge_done_once_checked",
            ),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(state__in=("waiting", "archiving")), name="purge_waits_once"
            ),
        ]
