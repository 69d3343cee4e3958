"""What is in the ground: routes, locations, service points, meters, registers, readings."""

from django.db import models

from core.tenancy.fields import Ref, TenantModel


class ServiceType(models.TextChoices):
    """What a service delivers."""

    WATER = "water", "Water"
    SEWER = "sewer", "Sewer"
    ELECTRIC = "electric", "Electric"
    GAS = "gas", "Gas"
    REFUSE = "refuse", "Refuse"
    DRAINAGE = "drainage", "Drainage"
    LIGHT = "light", "Street light"
    IRRIGATION = "irrigation", "Irrigation"


class Route(TenantModel):
    """Locations in the order in which a reader walks them."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="route_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Location(TenantModel):
    """A premise where service is delivered; it outlives its customers."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=40)
    route = Ref(Route)
    sequence = models.IntegerField(help_text="place on the route")
    street_number = models.CharField(max_length=10)
    street_name = models.CharField(max_length=40)
    unit_label = models.CharField(max_length=15, blank=True)
    city = models.CharField(max_length=30)
    state = models.CharField(max_length=2)
    zip_code = models.CharField(max_length=10)
    zone = models.CharField(max_length=12, blank=True)
    in_limits = models.BooleanField(default=True, help_text="inside the corporate limits")
    parcel = models.CharField(
        max_length=30, blank=True, db_default="", help_text="property identification number (PIN)"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "code"], name="location_code_once"),
        ]
        indexes = [models.Index(fields=["tenant", "route", "sequence"], name="location_in_order")]

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        """The service address on one line, without the city."""
        return " ".join(p for p in (self.street_number, self.street_name, self.unit_label) if p)


class ServicePoint(TenantModel):
    """A place at a location where one service is taken, usually where a meter sits."""

    id = models.BigAutoField(primary_key=True)
    location = Ref(Location)
    code = models.CharField(max_length=40)
    service_type = models.CharField(max_length=20, choices=ServiceType.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "location", "code"], name="point_code_once")]


class Meter(TenantModel):
    """A meter, wherever it is installed at present."""

    id = models.BigAutoField(primary_key=True)
    number = models.CharField(max_length=24)
    serial = models.CharField(max_length=30, blank=True)
    size = models.CharField(max_length=10, help_text="as rate tables name it: 5/8, 3/4, 1, 1 1/2 …")
    brand = models.CharField(max_length=30, blank=True)
    service_type = models.CharField(max_length=20, choices=ServiceType.choices)
    endpoint = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="meter_number_once")]

    def __str__(self) -> str:
        return self.number


class Register(TenantModel):
    """A set of dials of a meter.  Use = (later − earlier, modulo the dial) × multiplier, in ``unit``."""

    id = models.BigAutoField(primary_key=True)
    meter = Ref(Meter)
    code = models.CharField(max_length=1, blank=True, help_text="blank, L (low side) or H (high side)")
    unit = models.CharField(max_length=8, help_text="core.quantities code of one dial step × multiplier")
    dials = models.SmallIntegerField(default=6, help_text="digits that turn; the dial limit is 10**dials")
    multiplier = models.DecimalField(max_digits=12, decimal_places=4, default=1)
    may_run_backwards = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "meter", "code"], name="register_once")]


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

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "register", "on"],
                condition=models.Q(is_live=True),
                name="one_live_reading_a_day",
            ),
        ]
