"""What is looked at before a reading counts: normal ranges, and readings that wait for somebody to decide."""

from django.db import models
from django.db.models import Q

from core.tenancy.fields import Ref, TenantModel
from meters.models.ground import Reading, Register
from meters.models.places import ServiceType
from rates.models import RateTable


class UseRange(TenantModel):
    """What a register normally counts, by the rate that it is billed at or, without one, by its service.

    ``low`` and ``high`` are in ``unit``: use in thirty days; a demand counts as it is, however many days.
    """

    id = models.BigAutoField(primary_key=True)
    service_type = models.CharField(max_length=20, choices=ServiceType.choices)
    rate = Ref(RateTable, null=True)
    unit = models.CharField(max_length=8, help_text="core.quantities code")
    low = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    high = models.DecimalField(max_digits=14, decimal_places=3, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "rate", "unit"], condition=Q(rate__isnull=False), name="range_of_rate_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "service_type", "unit"],
                condition=Q(rate__isnull=True),
                name="range_of_service_once",
            ),
        ]


class HeldReading(TenantModel):
    """A reading that another system sent and that was not taken: it waits until somebody takes or drops it.

    ``remarks`` say why (code, level, problem, remedy), ``reading`` is what it became.
    """

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", "Waiting"
        TAKEN = "taken", "Taken"
        DROPPED = "dropped", "Dropped"

    id = models.BigAutoField(primary_key=True)
    register = Ref(Register)
    on = models.DateField()
    dial = models.DecimalField(max_digits=14, decimal_places=3)
    source = models.CharField(max_length=1, choices=Reading.Source.choices)
    rolled_over = models.BooleanField(null=True)
    remarks = models.JSONField(default=list)
    came_from = models.CharField(max_length=60)
    came_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    reading = Ref(Reading, null=True, lookup=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "register", "on"], condition=Q(state="waiting"), name="held_once_a_day"
            )
        ]
