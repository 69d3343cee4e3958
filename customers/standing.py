"""How an account has kept its word: returned payments, late fees, cut-off lists, each counted (HIS-06).

What raises a counter belongs to the apps above; they call ``raise_counters`` within their own operation.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from core.actors import Actor, system_actor
from core.bulk import array_literal
from core.errors import Conflict, NotFound, Refused
from core.models import Schedule
from core.operations import note, operation, under_way
from core.tenancy import current_utility_id
from core.work.schedules import create_schedule
from customers.models import Account, Standing
from customers.notes import write_note
from customers.policies import clean_days

NIGHTLY = "customers.clear_records"
AT = "01:10"
LONGEST_REASON = 200

_RAISE = """
INSERT INTO customers_standing (account_id, kind, count, last_on)
SELECT u.account, %s, u.times, %s FROM unnest(%s::bigint[], %s::int[]) u(account, times) ORDER BY u.account
ON CONFLICT (tenant_id, account_id, kind) DO UPDATE
SET count = customers_standing.count + excluded.count,
    last_on = greatest(customers_standing.last_on, excluded.last_on)
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """One counter of an account: how often since it last went back to none, and when last.

    ``id`` is ``None`` while the thing never happened there; ``cleared_on`` the day it last went back.
    """

    kind: str
    count: int = 0
    last_on: date | None = None
    cleared_on: date | None = None
    id: int | None = None

    @property
    def words(self) -> str:
        """What is counted."""
        return str(Standing.Kind(self.kind).label)


def raise_counters(kind: str, on: date, accounts: Iterable[int]) -> None:
    """Count once more for each of these accounts (one named twice counts twice), as of a day.

    Inside an operation; a fixed number of statements.  The nightly clearing is scheduled with the first.
    """
    under_way()
    times = Counter(accounts)
    if not times:
        return
    with connection.cursor() as cursor:
        cursor.execute(_RAISE, [kind, on, array_literal(list(times)), array_literal(list(times.values()))])
    _every_night()


def raise_counter(account_id: int, kind: str, on: date) -> None:
    """``raise_counters`` for one account."""
    raise_counters(kind, on, [account_id])


@operation("customers.standing.reset", permission="customers.standing.reset")
def reset_counter(by: Actor, *, standing_id: int, reason: str, on: date, seen: int | None = None) -> int:
    """Set a counter back to none by hand; its id.  The reason stays on the account's note pad.

    ``seen`` is the count that was decided on: raises ``Conflict`` when it is another by now, or none already;
    ``Refused`` without a reason.
    """
    reason = reason.strip()
    if not 0 < len(reason) <= LONGEST_REASON:
        raise Refused(
            f"The reason has {len(reason)} characters." if reason else "No reason is given.",
            f"Say why it no longer counts, in {LONGEST_REASON} characters at most.",
            field="reason",
        )
    found = Standing.objects.select_for_update().filter(id=standing_id).first()
    if found is None:
        raise NotFound("There is no such counter.", "Open it from the account.")
    if found.count == 0:
        raise Conflict(f"{found.get_kind_display()} of the account are at none already.")
    if seen is not None and seen != found.count:
        raise Conflict(
            f"{found.get_kind_display()} are at {found.count} by now, not at {seen}.",
            "Look at what came since, and decide again.",
        )
    told = f"{found.get_kind_display()} set back from {found.count} to none: {reason}"
    note(account_id=found.account_id, kind=found.kind, before=found.count)
    found.count, found.cleared_on = 0, on
    found.save(update_fields=["count", "cleared_on"])
    write_note(by, account_id=found.account_id, text=told)
    return int(found.id)


def clear_old(on: date) -> int:
    """Set back what has been clean for more days than the policy says, seen from ``on``; how many.

    A counter last raised on ``last_on`` goes back on ``last_on`` + days + 1.  Without the policy none ever
    does.  Inside an operation; the rows keep ``last_on``.
    """
    return old_counters(on).update(count=0, cleared_on=on)


def old_counters(on: date) -> QuerySet[Standing]:
    """Those that ``clear_old`` would set back."""
    days = clean_days(on)
    if days is None:
        return Standing.objects.none()
    return Standing.objects.filter(count__gt=0, last_on__lt=on - timedelta(days=days))


def counted(told: Sequence[Mapping[str, Any]]) -> list[Counted]:
    """Every counter of an account, those never raised too, from what ``account_called`` tells of it."""
    known = {one["kind"]: one for one in told}
    return [_of(known[kind]) if kind in known else Counted(kind) for kind in Standing.Kind.values]


def _of(one: Mapping[str, Any]) -> Counted:
    last, cleared = (date.fromisoformat(one[k]) if one[k] else None for k in ("last_on", "cleared_on"))
    return Counted(one["kind"], one["count"], last, cleared, one["id"])


def counters_of(account: Account) -> list[Counted]:
    """Every counter of an account, those never raised too; one query."""
    rows = {one.kind: one for one in Standing.objects.filter(account=account)}
    return [
        Counted(kind, one.count, one.last_on, one.cleared_on, one.id) if one else Counted(kind)
        for kind in Standing.Kind.values
        for one in [rows.get(kind)]
    ]


def records() -> QuerySet[Standing]:
    """Counters with their accounts, customers and places."""
    return Standing.objects.select_related("account__customer", "account__location__route")


def _every_night() -> None:
    if not Schedule.objects.filter(kind=NIGHTLY).exists():
        create_schedule(
            system_actor(current_utility_id()),
            name="Payment records cleared",
            kind=NIGHTLY,
            rule={"every": "day", "at": AT},
        )
