"""What stands at the kerb and what is to be done: containers and work orders."""

from django.db import models

from core.tenancy.fields import Ref, TenantModel
from meters.models.ground import Meter, Reading
from meters.models.places import Location, Route, ServicePoint


class Container(TenantModel):
    """A refuse container.  Where it stands now is its ``Placing`` without an end."""

    class Owner(models.TextChoices):
        """Whose it is."""

        OWN = "own", "Customer’s own"
        RENT = "rent", "Rented"
        MUNICIPAL = "municipal", "Municipality’s"

    id = models.BigAutoField(primary_key=True)
    serial = models.CharField(max_length=30)
    kind = models.CharField(max_length=12, help_text="code: garbage, recycle, yard …")
    owner = models.CharField(max_length=10, choices=Owner.choices)
    received_on = models.DateField()
    last_serviced_on = models.DateField(null=True)
    service_count = models.IntegerField(default=0)
    updated_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "serial"], name="container_once")]

    def __str__(self) -> str:
        return self.serial


class Placing(TenantModel):
    """A container at a location for ``[starts, ends)``, with its place on the collector's route."""

    id = models.BigAutoField(primary_key=True)
    container = Ref(Container)
    location = Ref(Location)
    route = Ref(Route, null=True)
    sequence = models.IntegerField(null=True)
    starts = models.DateField()
    ends = models.DateField(null=True)


class WorkOrder(TenantModel):
    """Something to be done at a location.  ``account_number`` is for whom, as people say it."""

    class Kind(models.TextChoices):
        """What is to be done."""

        CONNECT = "connect", "Connect"
        DISCONNECT = "disconnect", "Disconnect"
        RECONNECT = "reconnect", "Reconnect"
        METER_CHANGE = "meter_change", "Meter change"
        RE_READ = "re_read", "Re-read"
        INVESTIGATE = "investigate", "Investigate"

    class State(models.TextChoices):
        """How it stands."""

        OPEN = "open", "Open"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Cancelled"

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    location = Ref(Location)
    service_point = Ref(ServicePoint, null=True)
    meter = Ref(Meter, null=True, help_text="as it was when ordered")
    account_number = models.CharField(max_length=20, blank=True)
    what = models.CharField(max_length=300, blank=True)
    assigned_to = models.CharField(max_length=60, blank=True)
    outside_ref = models.CharField(max_length=40, blank=True, help_text="its number in an outside system")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    due_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=80, blank=True)
    done_on = models.DateField(null=True)
    reading = Ref(Reading, null=True, lookup=False)
    new_meter = Ref(Meter, null=True, lookup=False)
    findings = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="work_order_number_once")]
        indexes = [models.Index(fields=["tenant", "state", "due_on"], name="work_order_due")]

    def __str__(self) -> str:
        return str(self.number)
