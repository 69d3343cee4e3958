"""What the API says of cycles, runs, prepared bills and bills."""

from typing import Any

from rest_framework import serializers

from billing.models import Bill, Cycle, PreparedBill, RegisterUse, Run
from billing.print_orders import GROUPS, MAIL, ORDERS
from billing.runs import run_hash
from core.api.fields import Day, Id, Money, Quantity


class CycleSerializer(serializers.ModelSerializer[Cycle]):
    """Routes billed together."""

    class Meta:
        model = Cycle
        fields = ("id", "code", "name")


class RunSerializer(serializers.ModelSerializer[Run]):
    """One cycle's bills for ``[starts, ends)``; ``bills`` and ``dollars`` leave out what is held."""

    cycle_id = serializers.IntegerField(read_only=True)
    cycle = serializers.CharField(source="cycle.code", read_only=True)
    state = serializers.CharField(read_only=True)
    bills = serializers.IntegerField(read_only=True)
    held = serializers.IntegerField(read_only=True)
    dollars = Money()
    fingerprint = serializers.SerializerMethodField()
    prepare_job_id = serializers.IntegerField(allow_null=True, read_only=True)
    post_job_id = serializers.IntegerField(allow_null=True, read_only=True)
    print_job_id = serializers.IntegerField(allow_null=True, read_only=True)

    class Meta:
        model = Run
        fields = (
            "id",
            "cycle_id",
            "cycle",
            "starts",
            "ends",
            "bill_on",
            "due_on",
            "state",
            "message",
            "attempt",
            "bills",
            "held",
            "dollars",
            "fingerprint",
            "opened_by",
            "opened_at",
            "reviewed_by",
            "reviewed_at",
            "approved_by",
            "approved_at",
            "single_operator",
            "prepare_job_id",
            "post_job_id",
            "print_job_id",
        )

    def get_fingerprint(self, run: Run) -> str:
        """Of the charges as they stand: what review and approval repeat as ``seen``; empty at first."""
        return run_hash(run.seen) if run.seen else ""


class ReasonSerializer(serializers.Serializer[Any]):
    """Bills of a run in one state for one reason (empty: none)."""

    state = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    bills = serializers.IntegerField(source="n")
    dollars = Money()


class CheckSerializer(serializers.Serializer[Any]):
    """What a check of the run found, ``state`` passed, tripped, or nothing (to compare with).

    One that ``stops`` the run keeps it from review and approval.  ``where`` filters the run's bills to what
    it is about.
    """

    code = serializers.CharField()
    title = serializers.CharField()
    state = serializers.ChoiceField(choices=("passed", "tripped", "nothing"))
    stops = serializers.BooleanField()
    measured = serializers.CharField()
    limit = serializers.CharField()
    means = serializers.CharField(allow_blank=True)
    do = serializers.CharField(allow_blank=True)
    where = serializers.CharField(allow_blank=True)
    passed_by = serializers.CharField(allow_blank=True)
    why = serializers.CharField(allow_blank=True)


class TotalSerializer(serializers.Serializer[Any]):
    """Charges under one service, rate, class and revenue code, beside the last period's and last year's.

    ``last`` and ``year`` are null without such a run.
    """

    service = serializers.CharField()
    rate = serializers.CharField()
    category = serializers.CharField()
    revenue_code = serializers.CharField()
    bills = serializers.IntegerField()
    amount = Money()
    last = Money(allow_null=True)
    year = Money(allow_null=True)


class RunDetailSerializer(serializers.Serializer[Any]):
    """A run with its figures by state and reason, its checks and its totals."""

    run = RunSerializer()
    figures = ReasonSerializer(many=True)
    checks = CheckSerializer(many=True)
    totals = TotalSerializer(many=True)


class NewRunSerializer(serializers.Serializer[Any]):
    """A run to open: a cycle, the period of flat services ``[starts, ends)`` and the bills' date."""

    cycle_id = Id()
    starts = Day()
    ends = Day(help_text="the first day after the period")
    bill_on = Day()
    message = serializers.CharField(max_length=200, allow_blank=True, default="")


class SeenSerializer(serializers.Serializer[Any]):
    """The run's fingerprint, as it was looked at."""

    seen = serializers.CharField(max_length=64)


class ReleaseSerializer(serializers.Serializer[Any]):
    """What was checked before the bill is let through."""

    why = serializers.CharField(max_length=200)


class LineSerializer(serializers.Serializer[Any]):
    """A line of a prepared bill, as it would be charged."""

    service_id = serializers.IntegerField()
    component = serializers.CharField()
    text = serializers.CharField()
    revenue_code = serializers.CharField()
    quantity = Quantity(allow_null=True)
    unit = serializers.CharField(allow_blank=True)
    amount = Money()


class PreparedBillSerializer(serializers.ModelSerializer[PreparedBill]):
    """A bill before it is posted.  ``before`` are the charges of the account's last bill, ``usual`` the mean
    of its last ones; ``at_risk`` are dollars wrong or unbilled if this one is wrong.
    """

    account_id = serializers.IntegerField(read_only=True)
    account = serializers.CharField(source="account.number", read_only=True)
    state = serializers.CharField(read_only=True)
    total = Money()
    before = Money(allow_null=True)
    usual = Money(allow_null=True)
    at_risk = Money()
    warnings = serializers.ListField(child=serializers.CharField(), read_only=True)
    released = serializers.ListField(child=serializers.CharField(), read_only=True)
    lines = LineSerializer(many=True, source="charged")

    class Meta:
        model = PreparedBill
        fields = (
            "id",
            "account_id",
            "account",
            "state",
            "reason",
            "detail",
            "starts",
            "ends",
            "total",
            "before",
            "usual",
            "at_risk",
            "warnings",
            "released",
            "lines",
        )


class BillSerializer(serializers.ModelSerializer[Bill]):
    """A posted bill; its balances are as they were at posting.  ``charges`` is the sum of its lines."""

    account_id = serializers.IntegerField(read_only=True)
    account = serializers.CharField(source="account.number", read_only=True)
    run_id = serializers.IntegerField(read_only=True)
    journal_id = serializers.IntegerField(allow_null=True, read_only=True)
    charges = Money()
    previous_balance = Money()
    payments = Money()
    credit_applied = Money()
    deposit_applied = Money()
    total_due = Money()
    due_after = Money(allow_null=True)
    printed = serializers.BooleanField(read_only=True)

    class Meta:
        model = Bill
        fields = (
            "id",
            "number",
            "account_id",
            "account",
            "run_id",
            "journal_id",
            "starts",
            "ends",
            "bill_on",
            "due_on",
            "charges",
            "previous_balance",
            "payments",
            "credit_applied",
            "total_due",
            "due_after",
            "message",
            "engine_version",
            "final",
            "deposit_applied",
            "is_live",
            "printed",
        )


class CancelBillSerializer(serializers.Serializer[Any]):
    """Why a bill is taken back, and on which day."""

    why = serializers.CharField(max_length=200)
    on = serializers.DateField()


class PrintSerializer(serializers.Serializer[Any]):
    """In which order the bills are printed; without it, the utility's own."""

    order = serializers.ChoiceField(choices=tuple(ORDERS.items()), required=False, default="")


class GroupSerializer(serializers.Serializer[Any]):
    """Which of a run's PDFs."""

    group = serializers.ChoiceField(choices=tuple(GROUPS.items()), required=False, default=MAIL)


class StepSerializer(serializers.Serializer[Any]):
    """One step of the arithmetic; ``amount`` is not rounded yet, so it may have more than two decimals."""

    text = serializers.CharField()
    quantity = Quantity(allow_null=True)
    unit = serializers.CharField(allow_null=True)
    price = Quantity(allow_null=True)
    amount = Quantity()
    under = serializers.BooleanField(help_text="it shows how the step above it came about")


class ChargedSerializer(serializers.Serializer[Any]):
    """A line of a bill with the steps that led to it and the rate version (its hash) they followed."""

    charge_id = serializers.IntegerField(source="charge.id")
    service_id = serializers.IntegerField(source="charge.service_id", allow_null=True)
    component = serializers.CharField(source="charge.component")
    text = serializers.CharField(source="charge.text")
    revenue_code = serializers.CharField(source="charge.revenue_code")
    quantity = Quantity(source="charge.quantity", allow_null=True)
    unit = serializers.CharField(source="charge.unit", allow_blank=True)
    amount = Money(source="charge.amount")
    rate_hash = serializers.CharField(allow_blank=True)
    steps = StepSerializer(many=True)


class UseSerializer(serializers.ModelSerializer[RegisterUse]):
    """What a register advanced between two readings, as billed, in the register's own unit."""

    meter = serializers.CharField(source="register.meter.number", read_only=True)
    from_on = serializers.DateField(source="from_reading.on", read_only=True)
    from_dial = Quantity(source="from_reading.dial")
    to_on = serializers.DateField(source="to_reading.on", read_only=True)
    to_dial = Quantity(source="to_reading.dial")
    use = Quantity()

    class Meta:
        model = RegisterUse
        fields = (
            "service_id",
            "register_id",
            "meter",
            "from_reading_id",
            "from_on",
            "from_dial",
            "to_reading_id",
            "to_on",
            "to_dial",
            "use",
            "unit",
            "days",
            "source",
        )


class BillDetailSerializer(serializers.Serializer[Any]):
    """A bill with its lines, each explained, and the readings behind them.

    The steps are worked out again from the facts kept with the bill; ``problem`` says why, should they no
    longer give it, or where its lines are when they were purged.
    """

    bill = BillSerializer()
    lines = ChargedSerializer(many=True)
    readings = UseSerializer(many=True)
    problem = serializers.CharField(allow_blank=True)
