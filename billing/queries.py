"""What is asked of billing."""

from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from billing.models import Bill, CycleRoute, PreparedBill, Run
from customers.models import Account


def accounts_to_bill(run: Run) -> QuerySet[Account]:
    """Accounts of the run's cycle that exist in its period."""
    routes = CycleRoute.objects.filter(cycle=run.cycle_id).values("route")
    return Account.objects.filter(
        Q(ends__isnull=True) | Q(ends__gt=run.starts), location__route__in=routes, starts__lt=run.ends
    )


def accounts_of_run(run: Run) -> list[int]:
    """Their ids, ascending."""
    return list(accounts_to_bill(run).order_by("id").values_list("id", flat=True))


def run_counts(run: Run) -> dict[str, dict[str, Any]]:
    """Per state of its prepared bills: how many and how many dollars."""
    rows = PreparedBill.objects.filter(run=run).values("state").annotate(n=Count("id"), dollars=Sum("total"))
    return {r["state"]: {"n": r["n"], "dollars": r["dollars"] or Decimal(0)} for r in rows}


def holds_by_reason(run: Run) -> list[dict[str, Any]]:
    """Held and excepted bills grouped by reason, the most dollars first."""
    return list(
        PreparedBill.objects.filter(run=run, state__in=("held", "excepted"))
        .values("state", "reason")
        .annotate(n=Count("id"), dollars=Sum("total"))
        .order_by("-dollars", "reason")
    )


def latest_bill(account_id: int) -> Bill | None:
    """The newest live bill of an account."""
    return Bill.objects.filter(account=account_id, is_live=True).order_by("-starts").first()
