"""Writes to the drawers themselves: what they are called and the chart account their money is in."""

from collections_app.models import Drawer, DrawerSession
from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import operation
from ledger.models import ChartAccount


@operation("payments.drawer.add", permission="payments.drawer.edit")
def add_drawer(by: Actor, *, code: str, name: str, chart_account_id: int) -> int:
    """A new drawer; returns its id.  Raises ``Conflict`` for a code that is taken."""
    code, name = _plain(code, "code"), _plain(name, "name")
    if Drawer.objects.filter(code=code).exists():
        raise Conflict(f"There is a drawer {code} already.", "Choose another code.", field="code")
    return int(Drawer.objects.create(code=code, name=name, chart_account=_cash(chart_account_id)).id)


@operation("payments.drawer.change", permission="payments.drawer.edit")
def change_drawer(by: Actor, *, drawer_id: int, code: str, name: str, chart_account_id: int) -> int:
    """Another code, name or account; returns the drawer's id.

    The account changes only while the drawer is closed: what is taken in one session is in one account.
    """
    drawer = Drawer.objects.select_for_update().filter(id=drawer_id).first()
    if drawer is None:
        raise NotFound("There is no such drawer.", "Choose one from the list.")
    code, name = _plain(code, "code"), _plain(name, "name")
    if Drawer.objects.filter(code=code).exclude(id=drawer_id).exists():
        raise Conflict(f"There is a drawer {code} already.", "Choose another code.", field="code")
    account = _cash(chart_account_id)
    if account.id != drawer.chart_account_id:
        session = DrawerSession.objects.filter(drawer=drawer, closed_at=None).first()
        if session is not None:
            raise Conflict(
                f"{drawer.name} is open; {session.operator_name} takes money into it.",
                "Close it first, then change its account.",
                field="chart_account_id",
            )
    drawer.code, drawer.name, drawer.chart_account = code, name, account
    drawer.save(update_fields=["code", "name", "chart_account"])
    return int(drawer.id)


def _cash(chart_account_id: int) -> ChartAccount:
    found = ChartAccount.objects.filter(id=chart_account_id).first()
    if found is None or found.kind != ChartAccount.Kind.ASSET:
        raise Refused(
            "A drawer's money is in an asset account.", "Choose one from the list.", field="chart_account_id"
        )
    if found.role in ("receivable", "bank"):
        raise Refused(
            f"{found} is used as {found.role}; cash in a drawer is not in it yet.",
            "Choose the account of the cash drawers.",
            field="chart_account_id",
        )
    return found


def _plain(typed: str, field: str) -> str:
    text = typed.strip()
    if not text:
        raise Refused(f"The {field} is missing.", "Type it in.", field=field)
    return text
