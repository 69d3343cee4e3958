"""What is asked of billing."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from billing.models import Bill, BillPage, Cycle, CycleRoute, PreparedBill, Run
from customers.mailing import mailed
from customers.models import Account, Service


def _to_bill(starts: date, ends: date) -> Q:
    """Accounts that exist in ``[starts, ends)``, and those that ended before with something left to bill.

    Who waits to move in is not among them.
    """
    billed = Coalesce(F("billed_to"), F("starts"))
    left = Service.objects.filter(account=OuterRef("pk"), ends__gt=billed)
    return Q(Q(ends__isnull=True) | Q(ends__gt=starts) | Q(Exists(left)), starts__lt=ends, pending=False)


def accounts_to_bill(run: Run) -> QuerySet[Account]:
    """Accounts of the run's cycle that exist in its period or ended with something left to bill."""
    routes = CycleRoute.objects.filter(cycle=run.cycle_id).values("route")
    return Account.objects.filter(_to_bill(run.starts, run.ends), location__route__in=routes)


def in_no_cycle(starts: date, ends: date) -> QuerySet[Account]:
    """Accounts with a service to bill in ``[starts, ends)`` on a route that belongs to no cycle."""
    billed = Coalesce(F("billed_to"), F("starts"))
    due = Service.objects.filter(account=OuterRef("pk"), starts__lt=ends)
    due = due.filter(Q(ends__isnull=True) | Q(ends__gt=billed)).annotate(done=billed).filter(done__lt=ends)
    strays = Account.objects.filter(_to_bill(starts, ends), no_bill=False)
    return strays.exclude(location__route__in=CycleRoute.objects.values("route")).filter(Exists(due))


def accounts_of_run(run: Run) -> list[int]:
    """Their ids, ascending."""
    return list(accounts_to_bill(run).order_by("id").values_list("id", flat=True))


@dataclass(frozen=True, slots=True)
class RunFigures:
    """What a run's staging holds: bills and dollars by state, and why bills are held or not billed."""

    by_reason: tuple[dict[str, Any], ...]

    def bills(self, *states: str) -> int:
        """How many prepared bills are in these states."""
        return sum(r["n"] for r in self.by_reason if r["state"] in states)

    def dollars(self, *states: str) -> Decimal:
        """What they add up to."""
        return sum((r["dollars"] for r in self.by_reason if r["state"] in states), Decimal(0))

    def reasons(self, state: str) -> list[dict[str, Any]]:
        """The reasons of a state, the most dollars first."""
        return [r for r in self.by_reason if r["state"] == state]


def run_figures(run_id: int) -> RunFigures:
    """The figures of a run in one query."""
    rows = PreparedBill.objects.filter(run=run_id).values("state", "reason")
    counted = rows.annotate(n=Count("id"), dollars=Sum("total")).order_by("-dollars", "-n", "reason")
    return RunFigures(tuple(dict(row) for row in counted))


def run_list() -> QuerySet[Run]:
    """Runs with ``bills`` and ``dollars`` to be billed or billed, and ``held`` ones."""
    billed = PreparedBill.objects.filter(run=OuterRef("pk"), state__in=("ready", "posted")).values("run")
    held = PreparedBill.objects.filter(run=OuterRef("pk"), state="held").values("run")
    return Run.objects.select_related("cycle").annotate(
        bills=Coalesce(Subquery(billed.annotate(n=Count("id")).values("n")), 0),
        dollars=Coalesce(Subquery(billed.annotate(x=Sum("total")).values("x")), Decimal(0)),
        held=Coalesce(Subquery(held.annotate(n=Count("id")).values("n")), 0),
    )


def billed_until() -> list[tuple[int, date | None]]:
    """Ids of the cycles that have routes, by code, each with the first day not billed yet.

    ``None`` for one that was never billed.  Cancelled runs do not count; runs under way do.
    """
    last = Run.objects.exclude(state="cancelled").filter(cycle=OuterRef("pk")).order_by("-ends")
    walked = Cycle.objects.filter(Exists(CycleRoute.objects.filter(cycle=OuterRef("pk"))))
    found = walked.annotate(until=Subquery(last.values("ends")[:1])).order_by("code")
    return list(found.values_list("id", "until"))


def prepared_bills(run_id: int) -> QuerySet[PreparedBill]:
    """A run's prepared bills, each with ``before`` (charges of the last bill) and ``change`` against it."""
    last = Bill.objects.filter(
        account=OuterRef("account_id"), is_live=True, starts__lt=OuterRef("run__starts")
    )
    rows = PreparedBill.objects.filter(run=run_id).select_related(
        "account__customer", "account__location__route"
    )
    return rows.annotate(
        before=Subquery(last.order_by("-starts").values("charges")[:1]),
        change=F("total") - Coalesce(F("before"), Decimal(0)),
    )


def held_at_risk(run_id: int, most: int) -> list[PreparedBill]:
    """The held bills of a run with the most money at risk."""
    held = prepared_bills(run_id).filter(state="held")
    return list(held.order_by(F("at_risk").desc(), "id")[:most])


def pages_of(run_id: int) -> QuerySet[BillPage]:
    """Where each bill stands in the run's PDFs, what is mailed first, each in the order of its pages."""
    rows = BillPage.objects.filter(batch__run=run_id, batch__part=0).order_by("-batch__group", "first_page")
    return rows.select_related("batch", "bill__account__customer", "bill__account__location__route").annotate(
        mailed_zip=mailed("mail_zip", "zip_code", "bill__account"),
        mailed_carrier=mailed("carrier_route", "carrier_route", "bill__account"),
    )
