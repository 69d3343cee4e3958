"""Billing on the home page: runs on their way, bills held, bills not printed, what was billed."""

from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.safestring import mark_safe

from billing.models import Bill, PreparedBill, Run
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
    runs = list(
        Run.objects.exclude(state="cancelled").select_related("cycle").order_by("-bill_on", "-id")[:40]
    )
    on_their_way = [r for r in runs if r.state != "printed"]
    held = PreparedBill.objects.filter(run__in=on_their_way, state="held").aggregate(n=Count("id"))["n"]
    steps = {state: (right, words, badge) for state, right, words, badge in NEXT}
    mine = [r for r in on_their_way if _may(actor, r, steps[r.state][0])]
    unprinted = [r for r in on_their_way if r.state == "posted"]
    bills = Bill.objects.filter(run__in=unprinted, is_live=True).count() if unprinted else 0
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
            f"{r.starts:%b %-d} to {r.ends:%b %-d, %Y}: {steps[r.state][1]}",
            steps[r.state][2],
            r.approved_at or r.reviewed_at or r.opened_at,
            reverse("billing:run", args=[r.id]),
        )
        for r in mine
    ]
    return Told(tiles, waiting, pictures=_billed([r for r in runs if r.post_job_id][:SHOWN]))


def _may(actor: Actor, run: Run, right: str) -> bool:
    """Whether the run waits for this operator; who opened or reviewed it does not approve it."""
    if run.state == "reviewed" and actor.ref in (run.opened_by, run.reviewed_by):
        return False
    return actor.may(right)


def _first(runs: list[Run]) -> str:
    return reverse("billing:run", args=[runs[0].id]) if runs else "/bills/"


def _billed(runs: list[Run]) -> list[Picture]:
    """Dollars billed by the last runs, from what posting counted of its parts."""
    if len(runs) < 2:
        return []
    dollars: dict[int, Decimal] = {}
    parts = JobChunk.objects.filter(Q(job__in=[r.post_job_id for r in runs]) & Q(state="done"))
    for job_id, result in parts.values_list("job_id", "result"):
        dollars[job_id] = dollars.get(job_id, Decimal(0)) + Decimal(str(result.get("dollars", 0)))
    ordered = sorted(runs, key=lambda r: (r.bill_on, r.id))
    bars = [
        Month(f"{r.bill_on:%b %-d}", dollars.get(r.post_job_id or 0), current=r is ordered[-1])
        for r in ordered
    ]
    svg = use_chart(bars, title="Billed by run", unit="dollars", size=(640.0, 170.0), font_size=9.0)
    drawn = mark_safe(svg)
    return [Picture("Billed, by run", drawn, "New charges in dollars, by day of the bill.", "/runs/")]


HOME = (HomePart("runs", 10, "billing.run.view", _runs),)
