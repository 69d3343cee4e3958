"""Writes to the chart of accounts and the revenue codes; nothing that was used is ever taken away."""

from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import operation
from ledger.models import ChartAccount, RevenueCode

CREDITED = (ChartAccount.Kind.REVENUE, ChartAccount.Kind.LIABILITY)
"""The kinds of account that charges can be credited to: revenue, or a tax that is passed on."""


@operation("ledger.chart.add", permission="ledger.chart.edit")
def add_chart_account(by: Actor, *, code: str, name: str, kind: str) -> int:
    """A new account of the general ledger; returns its id.  ``kind`` is a ``ChartAccount.Kind``."""
    code, name = _plain(code, "code"), _plain(name, "name")
    if kind not in ChartAccount.Kind.values:
        raise Refused(f"“{kind}” is no kind of account.", "Choose one from the list.", field="kind")
    _free(ChartAccount.objects.filter(code=code).exists(), code)
    return int(ChartAccount.objects.create(code=code, name=name, kind=kind).id)


@operation("ledger.chart.rename", permission="ledger.chart.edit")
def rename_chart_account(by: Actor, *, chart_account_id: int, code: str, name: str) -> int:
    """Another number or name; kind and use stay, because postings lean on them.  Returns the id."""
    row = ChartAccount.objects.select_for_update().filter(id=chart_account_id).first()
    if row is None:
        raise NotFound("There is no such account in the chart.", "Choose one from the list.")
    row.code, row.name = _plain(code, "code"), _plain(name, "name")
    _free(ChartAccount.objects.filter(code=row.code).exclude(id=row.id).exists(), row.code)
    row.save(update_fields=["code", "name"])
    return int(row.id)


@operation("ledger.revenue.add", permission="ledger.chart.edit")
def add_revenue_code(by: Actor, *, code: str, name: str, chart_account_id: int, priority: int) -> int:
    """A revenue code that rate tables may name; returns its id.  A lower ``priority`` is paid first."""
    code = _plain(code, "code").upper()
    _free(RevenueCode.objects.filter(code=code).exists(), code)
    row = RevenueCode.objects.create(
        code=code,
        name=_plain(name, "name"),
        chart_account=_credited(chart_account_id),
        priority=_priority(priority),
    )
    return int(row.id)


@operation("ledger.revenue.change", permission="ledger.chart.edit")
def change_revenue_code(
    by: Actor, *, revenue_code_id: int, name: str, chart_account_id: int, priority: int
) -> int:
    """Another name, account or place in paying, for what is posted from now on; returns the id."""
    row = RevenueCode.objects.select_for_update().filter(id=revenue_code_id).first()
    if row is None:
        raise NotFound("There is no such revenue code.", "Choose one from the list.")
    row.name, row.chart_account = _plain(name, "name"), _credited(chart_account_id)
    row.priority = _priority(priority)
    row.save(update_fields=["name", "chart_account", "priority"])
    return int(row.id)


def _credited(chart_account_id: int) -> ChartAccount:
    found = ChartAccount.objects.filter(id=chart_account_id).first()
    if found is None:
        raise NotFound(
            "There is no such account in the chart.", "Choose one from the list.", field="chart_account_id"
        )
    if found.kind not in CREDITED:
        raise Refused(
            f"{found} is an account of the kind {found.get_kind_display().lower()}.",
            "Choose a revenue account, or a liability for a tax that is passed on.",
            field="chart_account_id",
        )
    return found


def _priority(priority: int) -> int:
    if not 1 <= priority <= 999:
        raise Refused(
            "The place in paying is between 1 and 999.", "A lower one is paid first.", field="priority"
        )
    return priority


def _plain(typed: str, field: str) -> str:
    text = typed.strip()
    if not text:
        raise Refused(f"The {field} is missing.", "Type it in.", field=field)
    return text


def _free(taken: bool, code: str) -> None:
    if taken:
        raise Conflict(f"“{code}” is taken.", "Choose another code.", field="code")
