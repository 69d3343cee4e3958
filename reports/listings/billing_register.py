"""Billing register: every bill of a run, with what it was made of."""

from collections.abc import Iterator

from billing.models import Bill, Run
from reports.kit import Cells, Column, Report
from reports.parameters import Choices, Parameter, Parameters, day_text

_RUNS_OFFERED = 60


def _runs() -> Choices:
    """Runs that have posted bills, the newest first."""
    posted = Run.objects.filter(state__in=[Run.State.POSTED, Run.State.PRINTED]).select_related("cycle")
    return [
        (str(run.id), f"Run {run.id}, cycle {run.cycle.code}, billed {day_text(run.bill_on)}")
        for run in posted.order_by("-bill_on", "-id")[:_RUNS_OFFERED]
    ]


def _rows(parameters: Parameters) -> Iterator[Cells]:
    """Live bills in the order of the routes."""
    bills = (
        Bill.objects.filter(run_id=int(parameters.text("run")), is_live=True)
        .select_related("account__customer", "account__location__route")
        .order_by("account__location__route__code", "account__location__sequence", "account__number")
    )
    for bill in bills.iterator(chunk_size=2000):
        account = bill.account
        yield (
            account.location.route.code,
            str(bill.number),
            account.number,
            account.customer.name,
            account.location.address,
            bill.payments,
            bill.previous_balance,
            bill.charges,
            bill.total_due,
        )


REPORT = Report(
    code="billing-register",
    title="Billing register",
    group="Billing",
    permission="billing.run.view",
    about="Every bill of a run, with what it was made of.",
    parameters=(Parameter("run", "Run", "choice", required=True, choices=_runs),),
    columns=(
        Column("route", "Route", width=7),
        Column("bill", "Bill", width=10),
        Column("account", "Account", width=11),
        Column("name", "Name", width=28),
        Column("address", "Service address", width=28),
        Column("payments", "Paid since last bill", "amount", total=True, width=14, may_credit=True),
        Column("before", "Balance before", "amount", total=True, width=14, may_credit=True),
        Column("charges", "New charges", "amount", total=True, width=14, may_credit=True),
        Column("due", "Total due", "amount", total=True, width=14, may_credit=True),
    ),
    rows=_rows,
    subtotals=("route",),
    notes=(
        "Payments and balances are as they stood when the run was posted; total due = balance + new charges.",
    ),
)
