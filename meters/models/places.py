"""Places: routes, locations and the points where service is taken."""

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
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)

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
