"""What is in the ground: meters, registers, where they sit, and what they showed."""

from django.db import models

from core.amounts import AmountField
from core.tenancy.fields import Ref, TenantModel
from meters.models.places import ServicePoint, ServiceType
from meters.usage import Dial


class Meter(TenantModel):
    """A meter, wherever it is installed at present."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=24)
    serial = models.CharField(max_length=30, blank=True)
    size = models.CharField(max_length=10, help_text="as rate tables name it: 5/8, 3/4, 1, 1 1/2 …")
    brand = models.CharField(max_length=30, blank=True)
    service_type = models.CharField(max_length=20, choices=ServiceType.choices)
    endpoint = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=12, blank=True, db_default="", help_text="type: a code")
    style = models.CharField(max_length=30, blank=True, db_default="")
    place_text = models.CharField(
        max_length=60, blank=True, db_default="", help_text="where it sits: front left, behind the garage"
    )
    cut_on = models.DateField(null=True, help_text="when the water was last turned on")
    cut_off = models.DateField(null=True, help_text="when it was last turned off")
    master = Ref("self", null=True, help_text="the meter that this one's use flows through as well")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="meter_number_once")]

    def __str__(self) -> str:
        return self.number


class Register(TenantModel):
    """A set of dials of a meter.

    Use = (later − earlier, modulo the dial) × 10**dead zeros × multiplier, in ``unit``.
    """

    id = models.BigAutoField(primary_key=True)
    meter = Ref(Meter)
    code = models.CharField(max_length=1, blank=True, help_text="blank, L (low side) or H (high side)")
    unit = models.CharField(max_length=8, help_text="core.quantities code of one dial step × multiplier")
    dials = models.SmallIntegerField(default=6, help_text="digits that turn; the dial limit is 10**dials")
    multiplier = models.DecimalField(max_digits=12, decimal_places=4, default=1)
    may_run_backwards = models.BooleanField(default=False)
    dead_zeros = models.SmallIntegerField(
        default=0, db_default=0, help_text="fixed zeros painted behind the dials that turn; not read"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "meter", "code"], name="register_once")]

    @property
    def dial(self) -> Dial:
        """How its dial counts."""
        return Dial(self.dials, self.multiplier, self.may_run_backwards, self.dead_zeros)


class Installation(TenantModel):
    """A meter at a service point for ``[starts, ends)``; neither may overlap itself."""

    id = models.BigAutoField(primary_key=True)
    service_point = Ref(ServicePoint)
    meter = Ref(Meter)
    starts = models.DateField()
    ends = models.DateField(null=True)


class Reading(TenantModel):
    """What a register showed on a day.

    Readings are not edited: a correction is a new row that ``replaces`` the old one, and the old one
    is marked ``is_live=False``.  One live reading per register and day.
    """

    class Source(models.TextChoices):
        """Where a reading came from, printed beside it."""

        ACTUAL = "A", "Actual"
        ESTIMATE = "E", "Estimated"
        CUSTOMER = "C", "Read by customer"
        INSTALL = "I", "Start of meter"
        FINAL = "F", "Final"
        REMOTE = "R", "Remote"

    id = models.BigAutoField(primary_key=True)
    register = Ref(Register, lookup=False)
    on = models.DateField()
    dial = models.DecimalField(max_digits=14, decimal_places=3, help_text="as shown, before the multiplier")
    source = models.CharField(max_length=1, choices=Source.choices, default=Source.ACTUAL)
    is_live = models.BooleanField(default=True)
    replaces = Ref("self", null=True, lookup=False)
    came_from = models.CharField(max_length=60, blank=True, help_text="import:12, operator:3 …")
    rolled_over = models.BooleanField(default=False)
    why = models.CharField(max_length=200, blank=True, db_default="", help_text="of a correction")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "register", "on"],
                condition=models.Q(is_live=True),
                name="one_live_reading_a_day",
            ),
        ]


class ConnectionFee(TenantModel):
    """A tap or impact fee paid once for a service point, as the meter file shows it; dollars."""

    class Kind(models.TextChoices):
        """What it was for."""

        TAP = "tap", "Tap fee"
        IMPACT = "impact", "Impact fee"

    id = models.BigAutoField(primary_key=True)
    service_point = Ref(ServicePoint)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    paid_on = models.DateField()
    amount = AmountField()
    receipt = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "service_point", "kind"], name="fee_of_a_kind_once")
        ]
