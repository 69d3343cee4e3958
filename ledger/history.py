"""Completed transactions to history: counted first, moved when somebody decides so, or after some months.

To history is a date on the item; nothing moves, no balance changes, and what opens again is back at once
(the database sees to that).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from core.actors import Actor, system_actor
from core.bulk import array_literal
from core.errors import Conflict, NotFound, Refused
from core.models import Job, JobChunk, Schedule
from core.money import ZERO
from core.operations import emit, note, operation, under_way
from core.policies import value_on
from core.tenancy import current_utility_id
from core.work.jobs import start_job
from core.work.kinds import Chunk, JobKind, Parts
from core.work.schedules import create_schedule
from customers.models import Account
from ledger.history_models import HistoryMove
from ledger.policies import HISTORY_AFTER_MONTHS
from ledger.policy.history import Item, Link, completed
from ledger.receivables import lock_accounts

KIND = "ledger.history"
AT_ONCE = 1_000
"""Accounts in one transaction; a town of no more is done while one waits."""

MONTHLY = {"every": "month", "day": 1, "at": "03:30"}
State = HistoryMove.State


@dataclass(frozen=True, slots=True)
class Counted:
    """Control totals: of a kind (charge or credit) and revenue code, how many and their dollars."""

    kind: str
    code: str
    count: int
    amount: Decimal


_ITEMS = """
SELECT 'charge', c.id, c.journal_id, greatest(c."on", m."on"), i.open, c.revenue_code, c.amount
FROM ledger_charge c
JOIN ledger_openitem i ON i.tenant_id = c.tenant_id AND i.charge_id = c.id AND i.to_history IS NULL
LEFT JOIN ledger_journal m ON m.tenant_id = c.tenant_id AND m.reverses_id = c.journal_id
WHERE c.account_id = ANY (%(accounts)s::bigint[])
UNION ALL
SELECT 'credit', k.id, k.journal_id, greatest(k."on", m."on"), l.open, '', k.amount
FROM ledger_credit k
JOIN ledger_creditleft l ON l.tenant_id = k.tenant_id AND l.credit_id = k.id AND l.to_history IS NULL
LEFT JOIN ledger_journal m ON m.tenant_id = k.tenant_id AND m.reverses_id = k.journal_id
WHERE k.account_id = ANY (%(accounts)s::bigint[])
"""
_LINKS = """
SELECT charge_id, credit_id, "on" FROM ledger_application WHERE charge_id = ANY (%s::bigint[])
UNION
SELECT charge_id, credit_id, "on" FROM ledger_application WHERE credit_id = ANY (%s::bigint[])
"""


def movable(account_ids: Sequence[int], before: date) -> list[tuple[Item, str, Decimal]]:
    """What of these accounts is completed before a day and not in history: item, revenue code, dollars."""
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, {"accounts": array_literal(account_ids)})
        rows = cursor.fetchall()
        items = [Item(*row[:5]) for row in rows]
        told = {(row[0], row[1]): (row[5], row[6]) for row in rows}
        sides = [[i.id for i in items if i.kind == kind] for kind in ("charge", "credit")]
        cursor.execute(_LINKS, [array_literal(side) for side in sides])
        links = [Link(*row) for row in cursor.fetchall()]
    return [(item, *told[item.kind, item.id]) for item in completed(items, links, before)]


def counted(rows: Iterable[tuple[Item, str, Decimal]]) -> list[list[Any]]:
    """The control totals of these items, as they are kept: by kind and revenue code."""
    many: Counter[tuple[str, str]] = Counter()
    dollars: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for item, code, amount in rows:
        many[item.kind, code] += 1
        dollars[item.kind, code] += amount
    return [[*key, many[key], str(dollars[key])] for key in sorted(many)]


def added_up(parts: Iterable[Iterable[Sequence[Any]]]) -> list[list[Any]]:
    """Control totals of parts, added up."""
    many: Counter[tuple[str, str]] = Counter()
    dollars: dict[tuple[str, str], Decimal] = defaultdict(lambda: ZERO)
    for part in parts:
        for kind, code, count, amount in part:
            many[kind, code] += count
            dollars[kind, code] += Decimal(amount)
    return [[*key, many[key], str(dollars[key])] for key in sorted(many)]


def totals_of(kept: Iterable[Sequence[Any]]) -> list[Counted]:
    """Kept control totals as values."""
    return [Counted(kind, code, count, Decimal(amount)) for kind, code, count, amount in kept]


@operation("ledger.history.look", permission="ledger.history.move")
def look_before(by: Actor, *, before: date, today: date) -> int:
    """Count what is completed before a day and not in history yet; returns the move's id.

    Nothing is moved by it.  A large utility is counted by a job; then the move is ``looking`` at first.
    Raises ``Refused`` for a day that is still to come.
    """
    if before > today:
        raise Refused(
            f"{before:%b %-d, %Y} is still to come.", "Name today or an earlier day.", field="before"
        )
    _every_month()
    move = HistoryMove.objects.create(
        before=before, state=State.LOOKING, maker=by.ref, maker_name=by.name, made_at=under_way().at
    )
    _at_work(by, move, "Count what is completed", moving=False)
    return int(move.id)


@operation("ledger.history.move", permission="ledger.history.move")
def move_to_history(by: Actor, *, move_id: int, today: date) -> int:
    """Set the day on everything that is completed before the move's day; returns the move's id.

    What has become complete or was opened again since it was counted is moved, or not, as it stands now.
    Raises ``Conflict`` unless it was counted and nobody moved it before.
    """
    move = HistoryMove.objects.select_for_update().filter(id=move_id).first()
    if move is None:
        raise NotFound("There is no such move.", "Choose one from the list.")
    if move.state != State.LOOKED:
        raise Conflict(f"This move is {move.get_state_display().lower()}.", "Start with a new count.")
    if not move.seen:
        raise Conflict("There is nothing to move.", "Choose a later day.")
    move.state, move.moved_on = State.MOVING, today
    move.save(update_fields=["state", "moved_on"])
    _at_work(by, move, "Move to history", moving=True)
    return int(move.id)


def _at_work(by: Actor, move: HistoryMove, title: str, *, moving: bool) -> None:
    """Now, where one transaction is enough for the accounts; else a job."""
    ids = list(Account.objects.order_by("id").values_list("id", flat=True))
    if len(ids) <= AT_ONCE:
        _ended(move, [_part(ids, move.before, move.moved_on if moving else None)])
        return
    params = {"move": move.id, "before": move.before.isoformat(), "today": _iso(move.moved_on)}
    spans = [ids[n : n + AT_ONCE] for n in range(0, len(ids), AT_ONCE)]
    parts = [(len(span), {"first": span[0], "last": span[-1]}) for span in spans]
    move.job_id = start_job(by, KIND, f"{title}: before {move.before:%b %-d, %Y}", params, parts)
    move.save(update_fields=["job"])


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _part(account_ids: Sequence[int], before: date, moved_on: date | None) -> list[list[Any]]:
    """Count, or move, what is completed of these accounts; returns the control totals."""
    if moved_on is not None:
        lock_accounts(account_ids)
    found = movable(account_ids, before)
    if moved_on is not None and found:
        _set(found, moved_on)
    return counted(found)


def _set(found: Sequence[tuple[Item, str, Decimal]], moved_on: date) -> None:
    tables = {"charge": ("ledger_openitem", "charge_id"), "credit": ("ledger_creditleft", "credit_id")}
    for kind, (table, column) in tables.items():
        ids = [item.id for item, _, _ in found if item.kind == kind]
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET to_history = %s"
                f" WHERE {column} = ANY (%s::bigint[]) AND open = 0 AND to_history IS NULL",
                [moved_on, array_literal(ids)],
            )
            if cursor.rowcount != len(ids):
                raise Conflict("Something was opened again meanwhile.", "Repeat it.")


def _ended(move: HistoryMove, parts: Iterable[list[list[Any]]]) -> None:
    totals = added_up(parts)
    if move.state == State.LOOKING:
        move.state, move.seen = State.LOOKED, totals
    else:
        move.state, move.moved = State.DONE, totals
        emit("ledger.history.moved", move=move.id)
    note(items=sum(t[2] for t in totals))
    move.save(update_fields=["state", "seen", "moved"])


def _work(chunk: Chunk) -> Mapping[str, Any]:
    span = (chunk.params["first"], chunk.params["last"])
    ids = list(Account.objects.filter(id__range=span).order_by("id").values_list("id", flat=True))
    today = chunk.job_params.get("today") or chunk.job_params.get("on", "")
    before = date.fromisoformat(chunk.params.get("before") or chunk.job_params["before"])
    return {"totals": _part(ids, before, date.fromisoformat(today) if today else None)}


def _finish(job: Job) -> Mapping[str, Any]:
    parts = [c.result["totals"] for c in JobChunk.objects.filter(job=job).order_by("number")]
    if "move" in job.params:
        _ended(HistoryMove.objects.select_for_update().get(id=job.params["move"]), parts)
    elif parts:
        _by_itself(job, parts)
    return {}


def _by_itself(job: Job, parts: Sequence[list[list[Any]]]) -> None:
    """What a schedule moved is listed like what somebody moved."""
    first, by = JobChunk.objects.filter(job=job).earliest("number"), under_way().by
    HistoryMove.objects.create(
        before=date.fromisoformat(first.params["before"]), state=State.DONE, maker=by.ref, maker_name=by.name,
        made_at=under_way().at, job=job, moved=added_up(parts), moved_on=date.fromisoformat(job.params["on"]),
    )  # fmt: skip


def months_before(day: date, months: int) -> date:
    """The first day of the month so many months before that of the day."""
    count = day.year * 12 + day.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _every_month() -> None:
    """From the first count on, the policy is asked after each month's end; without one nothing moves."""
    if not Schedule.objects.filter(kind=KIND).exists():
        create_schedule(
            system_actor(current_utility_id()),
            name="Completed transactions to history",
            kind=KIND,
            rule=MONTHLY,
        )


def _plan(by: Actor, params: Mapping[str, Any], on: date) -> Parts:
    """What the policy says on that day: everything completed before so many months; unset: nothing."""
    months = value_on(HISTORY_AFTER_MONTHS, on)
    if months is None:
        return []
    before = months_before(on, int(months)).isoformat()
    ids = list(Account.objects.order_by("id").values_list("id", flat=True))
    spans = [ids[n : n + AT_ONCE] for n in range(0, len(ids), AT_ONCE)]
    return [(len(s), {"first": s[0], "last": s[-1], "before": before}) for s in spans]


JOB_KIND = JobKind(
    KIND, "accounts", "ledger.history.move", _work, finish=_finish, plan=_plan,
    label="Completed transactions to history",
)  # fmt: skip
