"""Billing on the home page: runs on their way, bills held, bills not printed, what was billed."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.safestring import mark_safe

from billing.models import Bill, BillAlarm, PreparedBill, Run
from core.actors import Actor
from core.home import HomePart, Picture, Tile, Told, Waiting
from core.models import JobChunk
from core.ui.charts import Month, use_chart

# A run's state, the right that takes it on, what is waited for, the word of the badge.
NEXT = (
    ("open", "billing.run.prepare", "to be prepared", "open"),
    ("prepared", "billing.run.review", "to be reviewed", "prepared"),
    ("reviewed", "billing.run.approve", "to be approved by a second person", "review"),
    ("approved", "billing.run.post", "to be posted", "approved"),
    ("posted", "billing.run.print", "to be printed", "posted"),
)
SHOWN = 12


def _runs(actor: Actor, today: date, now: datetime) -> Told:
    on_their_way = _on_their_way()
    held = sum(r.held for r in on_their_way)
    steps = {state: (right, words, badge) for state, right, words, badge in NEXT}
    mine = [r for r in on_their_way if _may(actor, r, steps[r.state][0])]
    unprinted = [r for r in on_their_way if r.state == "posted"]
    bills = sum(r.bills for r in unprinted)
    tiles = [
        Tile("Runs on their way", len(on_their_way), url="/runs/", icon="player-play",
             tone="warn" if mine else "",
             note=f"{len(mine)} wait for you" if mine else "none waits for you"),
        Tile("Bills held", held, url="/runs/", icon="flag", tone="hold" if held else "",
             note="in runs on their way"),
        Tile("Bills to print", bills, note="posted, not printed yet" if bills else "all are printed",
             url=_first(unprinted), icon="printer", tone="warn" if bills else ""),
    ]  # fmt: skip
    waiting = [
        Waiting(
            f"Run {r.id}, cycle {r.cycle.code}",
            f"{r.starts:%b %-d} to {r.ends - timedelta(days=1):%b %-d, %Y}: {steps[r.state][1]}",
            steps[r.state][2],
            r.approved_at or r.reviewed_at or r.opened_at,
            reverse("billing:run", args=[r.id]),
        )
        for r in mine
    ]
    return Told(tiles, waiting, pictures=_billed())


def _may(actor: Actor, run: Any, right: str) -> bool:
    """Whether the run waits for this operator; who opened or reviewed it does not approve it."""
    if run.state == "reviewed" and actor.ref in (run.opened_by, run.reviewed_by):
        return False
    return actor.may(right)


def _first(runs: list[Any]) -> str:
    return reverse("billing:run", args=[runs[0].id]) if runs else "/bills/"


def _on_their_way() -> list[Any]:
    """Runs between opening and printing, with ``held`` and ``bills``, how many each has."""

    def counted(rows: QuerySet[Any]) -> Coalesce:
        number = rows.filter(run=OuterRef("pk")).order_by().values("run").annotate(n=Count("id")).values("n")
        return Coalesce(Subquery(number, output_field=IntegerField()), 0)

    ended = Q(state__in=("cancelled", "printed")) | Q(state="posted", not_printed_why__gt="")
    runs = Run.objects.exclude(ended).select_related("cycle")
    held = counted(PreparedBill.objects.filter(state="held"))
    bills = counted(Bill.objects.filter(is_live=True))
    return list(runs.annotate(held=held, bills=bills).order_by("bill_on", "id")[:40])


def _billed() -> list[Picture]:
    """Dollars billed by the last runs, from what posting counted of its parts; one query."""
    of_run = Run.objects.filter(post_job=OuterRef("job"))
    parts = JobChunk.objects.filter(job__kind="billing.post", state="done").annotate(
        on=Subquery(of_run.values("bill_on")[:1]), run=Subquery(of_run.values("id")[:1])
    )
    dollars: dict[tuple[date, int], Decimal] = {}
    for on, run, result in parts.exclude(run=None).order_by("-id").values_list("on", "run", "result")[:500]:
        dollars[on, run] = dollars.get((on, run), Decimal(0)) + Decimal(str(result.get("dollars", 0)))
    shown = sorted(dollars)[-SHOWN:]
    if len(shown) < 2:
        return []
    bars = [Month(f"{key[0]:%b %-d}", dollars[key], current=key == shown[-1]) for key in shown]
    svg = use_chart(bars, title="Billed by run", unit="dollars", size=(480.0, 160.0), font_size=9.0)
    drawn = mark_safe(svg)  # noqa: S308 - drawn by core.ui.charts, every text in it escaped
    return [Picture("Billed, by run", drawn, "New charges in dollars, by day of the bill.", "/runs/")]


def _alarms(actor: Actor, today: date, now: datetime) -> Told:
    """Bills that came out otherwise when made again: told only when there are any, and then in red."""
    rows = BillAlarm.objects.filter(cleared_at=None)
    count = rows.count()
    if not count:
        return Told()
    first = rows.select_related("bill__account").order_by("found_on", "id")[0]
    tile = Tile("Bills that came out otherwise", count, url="/bills/alarms/?cleared=no", icon="alert-circle",
                tone="bad", note=f"since {first.found_on:%b %-d}")  # fmt: skip
    found = datetime.combine(first.found_on, time(), tzinfo=now.tzinfo)
    waiting = Waiting(
        f"Bill {first.bill.number}, account {first.bill.account.number}"
        + (f", and {count - 1:,} more" if count > 1 else ""),
        first.detail[:120],
        "differs",
        found,
        "/bills/alarms/?cleared=no",
    )
    return Told(tiles=[tile], waiting=[waiting])


HOME = (
    HomePart("alarms", 5, "bills.view", _alarms),
    HomePart("runs", 10, "billing.run.view", _runs),
)
