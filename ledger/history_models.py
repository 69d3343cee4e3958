"""Moves to history: which completed transactions are no longer shown among the current ones, since when."""

from django.db import models
from django.db.models import Q

from core.tenancy.fields import Ref, TenantModel


class HistoryMove(TenantModel):
    """A look at what is completed before a day, and the move of it if somebody decided so.

    ``seen`` and ``moved`` are control totals: lists of [kind, revenue code, how many, dollars as text], kind
    ``charge`` or ``credit``.  Nothing moves in the ledger: a date is set on the items.
    """

    class State(models.TextChoices):
        """Its life; only one that was looked at can be moved."""

        LOOKING = "looking", "Being counted"
        LOOKED = "looked", "Counted"
        MOVING = "moving", "Moving"
        DONE = "done", "Done"

    id = models.BigAutoField(primary_key=True)
    before = models.DateField(help_text="everything completed earlier than this day")
    state = models.CharField(max_length=10, choices=State.choices)
    maker = models.CharField(max_length=80)
    maker_name = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    job = Ref("core.Job", null=True, lookup=False)
    seen = models.JSONField(default=list)
    moved = models.JSONField(default=list)
    moved_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", moved_on__isnull=False)
                | Q(state__in=("looking", "looked"), moved_on=None)
                | Q(state="moving", moved_on__isnull=False),
                name="history_move_has_its_day",
            ),
        ]
