"""Cycles, runs, prepared bills, bills, the use they billed and the pages they were printed on."""

from django.db import models
from django.db.models import Q

from billing import what_if_models  # noqa: F401 - its tables are known once this module is read
from core.amounts import AmountField
from core.models import Job, StoredFile
from core.tenancy.fields import Ref, TenantModel
from customers.models import Account, Service
from ledger.models import Journal
from meters.models import Reading, Register, Route


class Cycle(TenantModel):
    """Routes billed together."""

    id = models.BigAutoField(primary_key=True)
    code = models.CharField(max_length=12)
    name = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "code"], name="cycle_code_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CycleRoute(TenantModel):
    """A route belongs to exactly one cycle."""

    id = models.BigAutoField(primary_key=True)
    cycle = Ref(Cycle)
    route = Ref(Route)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "route"], name="route_in_one_cycle")]


class Run(TenantModel):
    """One cycle's bills for one period: open → prepared → reviewed → approved → posted → printed."""

    class State(models.TextChoices):
        """The step that was last finished."""

        OPEN = "open", "Open"
        PREPARED = "prepared", "Prepared"
        REVIEWED = "reviewed", "Reviewed"
        APPROVED = "approved", "Approved"
        POSTED = "posted", "Posted"
        PRINTED = "printed", "Printed"
        CANCELLED = "cancelled", "Cancelled"

    id = models.BigAutoField(primary_key=True)
    cycle = Ref(Cycle)
    starts = models.DateField(help_text="the period of flat services, [starts, ends)")
    ends = models.DateField()
    bill_on = models.DateField()
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    message = models.CharField(max_length=200, blank=True)
    attempt = models.IntegerField(default=0, help_text="how often it was prepared")
    terms = models.JSONField(default=dict, help_text="the policies it was prepared under")
    seen = models.JSONField(default=dict, help_text="hash per chunk of what the reviewer saw")
    checks = models.JSONField(default=list, help_text="what the circuit breakers found, and who let it pass")
    opened_by = models.CharField(max_length=80)
    reviewed_by = models.CharField(max_length=80, blank=True)
    approved_by = models.CharField(max_length=80, blank=True)
    opened_at = models.DateTimeField()
    reviewed_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    single_operator = models.BooleanField(default=False, help_text="approved under that policy")
    cancelled_why = models.CharField(max_length=200, blank=True, db_default="")
    cancelled_by = models.CharField(max_length=80, blank=True, db_default="")
    cancelled_at = models.DateTimeField(null=True)
    print_order = models.CharField(
        max_length=10, default="route", db_default="route", help_text="route, zip, carrier or name"
    )
    not_printed_why = models.CharField(max_length=200, blank=True, help_text="paper was not wanted")
    prepare_job = Ref(Job, null=True, lookup=False)
    post_job = Ref(Job, null=True, lookup=False)
    print_job = Ref(Job, null=True, lookup=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "cycle", "starts"],
                condition=~Q(state="cancelled"),
                name="one_live_run_a_period",
            ),
            models.CheckConstraint(condition=Q(ends__gt=models.F("starts")), name="run_has_days"),
        ]


class PreparedBill(TenantModel):
    """A bill before it is posted: staging.  ``facts`` and ``lines`` are what assembly took and gave.

    ``state``: ready (will be posted), held (a reason stops this one bill), excepted (nothing to bill,
    with a reason), posted.
    """

    class State(models.TextChoices):
        """What posting will do with it."""

        READY = "ready", "Ready"
        HELD = "held", "Held"
        EXCEPTED = "excepted", "Not billed"
        POSTED = "posted", "Posted"

    id = models.BigAutoField(primary_key=True)
    run = Ref(Run, lookup=False)
    account = Ref(Account)
    chunk = models.IntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=40, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    starts = models.DateField(null=True)
    ends = models.DateField(null=True)
    total = AmountField(default=0)
    facts = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    measured = models.JSONField(default=list, help_text="[service periods, readings used], as assembled")
    charge_hash = models.CharField(max_length=64, blank=True)
    warnings = models.JSONField(default=list)
    released = models.JSONField(default=list, help_text="hold reasons a person looked at and let through")
    usual = AmountField(null=True, help_text="the mean of the account's bills of the last year")
    at_risk = AmountField(default=0, db_default=0, help_text="dollars wrong or unbilled if this one is wrong")
    held_by = models.CharField(max_length=80, blank=True, db_default="", help_text="who held it by hand")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "account"], name="one_prepared_bill_each"),
        ]
        indexes = [models.Index(fields=["tenant", "run", "chunk"], name="prepared_by_chunk")]


class RunTotal(TenantModel):
    """What a part of a run charges under one route, class, rate and revenue code; made when it is prepared.

    Totals and registers are read from here, never from the lines of 100,000 bills.
    """

    id = models.BigAutoField(primary_key=True)
    run = Ref(Run)
    chunk = models.IntegerField()
    state = models.CharField(max_length=10, help_text="of its prepared bills: ready, held or posted")
    route = Ref(Route, lookup=False)
    category = models.CharField(max_length=20)
    service_type = models.CharField(max_length=20)
    rate_code = models.CharField(max_length=12)
    revenue_code = models.CharField(max_length=20)
    unit = models.CharField(max_length=8, blank=True)
    bills = models.IntegerField(help_text="prepared bills with such a line")
    quantity = models.DecimalField(max_digits=18, decimal_places=6, default=0)
    amount = AmountField(default=0)


class Bill(TenantModel):
    """A posted bill.  Its charges are those of its journal; balances are as they were at posting."""

    id = models.BigAutoField(primary_key=True)
    number = models.BigIntegerField()
    account = Ref(Account, lookup=False)
    run = Ref(Run)
    prepared = Ref(PreparedBill, lookup=False)
    journal = Ref(Journal, null=True, help_text="none when every line is 0.00")
    starts = models.DateField()
    ends = models.DateField()
    bill_on = models.DateField()
    due_on = models.DateField()
    charges = AmountField(help_text="Σ of its charges")
    previous_balance = AmountField(help_text="payoff before this bill, credit below zero")
    payments = AmountField(help_text="received since the last bill")
    credit_applied = AmountField(default=0, help_text="overpayments laid on the new charges")
    total_due = AmountField()
    due_after = AmountField(null=True, help_text="amount after the due date, when the policy is set")
    message = models.CharField(max_length=400, blank=True)
    engine_version = models.CharField(max_length=20)
    final = models.BooleanField(default=False, db_default=False, help_text="the account's last")
    deposit_applied = AmountField(default=0, db_default=0, help_text="deposits laid on a final bill")
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="bill_number_once"),
            models.UniqueConstraint(
                fields=["tenant", "account", "starts"],
                condition=Q(is_live=True),
                name="one_live_bill_a_period",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "account", "bill_on"], name="bill_by_account")]


class BilledPeriod(TenantModel):
    """A service was billed for ``[starts, ends)``."""

    id = models.BigAutoField(primary_key=True)
    service = Ref(Service, lookup=False)
    bill = Ref(Bill)
    starts = models.DateField()
    ends = models.DateField()
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "service", "starts"],
                condition=Q(is_live=True),
                name="period_billed_once",
            ),
        ]


class RegisterUse(TenantModel):
    """What a register advanced between two readings, as billed; each reading once as from and once as to."""

    id = models.BigAutoField(primary_key=True)
    bill = Ref(Bill)
    service = Ref(Service, lookup=False)
    register = Ref(Register, lookup=False)
    from_reading = Ref(Reading, lookup=False)
    to_reading = Ref(Reading, lookup=False)
    use = models.DecimalField(max_digits=18, decimal_places=6)
    unit = models.CharField(max_length=8)
    on = models.DateField(help_text="the later reading's day")
    days = models.IntegerField()
    source = models.CharField(max_length=1)
    is_live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "from_reading"], condition=Q(is_live=True), name="from_reading_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "to_reading"], condition=Q(is_live=True), name="to_reading_once"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "register", "on"], name="use_by_register")]


class PrintBatch(TenantModel):
    """One PDF of a run."""

    id = models.BigAutoField(primary_key=True)
    run = Ref(Run)
    group = models.CharField(
        max_length=10, default="mail", db_default="mail", help_text="mail, or draft: paid by bank draft"
    )
    part = models.IntegerField(help_text="0: the whole run; 1…n: parts as the chunks made them")
    file = Ref(StoredFile, lookup=False)
    pages = models.IntegerField()
    bills = models.IntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "run", "group", "part"], name="print_part_once")
        ]


class BillPage(TenantModel):
    """Where a bill stands in a batch: its first page (from 1) and how many it has."""

    id = models.BigAutoField(primary_key=True)
    batch = Ref(PrintBatch)
    bill = Ref(Bill)
    first_page = models.IntegerField()
    page_count = models.IntegerField()


class BillAlarm(TenantModel):
    """A posted bill that, made again from its facts, came out otherwise, if only by a cent."""

    id = models.BigAutoField(primary_key=True)
    bill = Ref(Bill)
    found_on = models.DateField()
    posted = AmountField()
    made = AmountField(null=True, help_text="none when no bill could be made")
    detail = models.CharField(max_length=300)
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.CharField(max_length=80, blank=True)
    cleared_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "bill"], condition=Q(cleared_at=None), name="one_open_alarm_a_bill"
            ),
        ]


class BillLook(TenantModel):
    """The logo and colours of a utility's documents; the newest row holds."""

    id = models.BigAutoField(primary_key=True)
    logo = Ref(StoredFile, null=True, lookup=False)
    colour = models.CharField(max_length=7, default="#1f4e79", help_text="headings and bars, as #rrggbb")
    accent = models.CharField(max_length=7, default="#2f855a", help_text="the present month in charts")
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()


class BillCancellation(TenantModel):
    """A posted bill taken back: its journal mirrored, its periods and readings free to be billed again."""

    id = models.BigAutoField(primary_key=True)
    bill = Ref(Bill)
    mirror = Ref(Journal, null=True, lookup=False)
    on = models.DateField()
    why = models.CharField(max_length=200)
    operator = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant", "bill"], name="bill_cancelled_once")]
