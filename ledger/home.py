"""The ledger on the home page: what is owed, and how old it is."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.safestring import mark_safe

from core.actors import Actor
from core.home import HomePart, Picture, Tile, Told, Waiting, remembered
from core.money import ZERO
from core.ui.charts import Month, use_chart
from ledger.deposit_queries import refunds
from ledger.models import Adjustment
from ledger.purge_jobs import purges_at_work
from ledger.purge_models import Purge
from ledger.queries import owed_by_age
from ledger.write_off_models import WriteOff


def _arrears(actor: Actor, today: date, now: datetime) -> Told:
    ages = remembered("arrears", today, lambda: owed_by_age(today))
    owed = sum((amount for _, amount, _ in ages), ZERO)
    late = owed - ages[0][1]
    share = f"{late * 100 / owed:.0f} % of what is owed" if owed else "nothing is owed"
    tiles = [
        Tile("Owed", amount=owed, note="before credit", icon="coins",
             url="/accounts/?owes=any&sort=-payoff"),
        Tile(
            "Past due", amount=late, note=share, url="/accounts/?owes=past_due&sort=due",
            icon="alert-circle" if late else "circle-check", tone="warn" if late else "good",
        ),
    ]  # fmt: skip
    bars = [
        Month(words, amount if amount else Decimal(0), current=n == 0 and bool(amount))
        for words, amount, n in ages
    ]
    svg = use_chart(bars, title="Owed by days past due", unit="dollars", size=(480.0, 160.0), font_size=9.0)
    drawn = mark_safe(svg)  # noqa: S308 - drawn by core.ui.charts, every text in it escaped
    picture = Picture("Owed, by days past due", drawn, "In dollars.", "/accounts/?owes=any&sort=due")
    return Told(tiles=tiles, pictures=[picture] if owed else [])


def _adjustments(actor: Actor, today: date, now: datetime) -> Told:
    """What others proposed and this operator may approve, the oldest first."""
    rows = Adjustment.objects.filter(state="waiting").exclude(maker=actor.ref)
    return Told(
        waiting=[
            Waiting(
                f"Adjustment of account {row.account.number}",
                f"{row.amount:,.2f} {row.kind}, proposed by {row.maker_name}: {row.text}",
                row.state,
                row.made_at,
                f"/ledger/adjustments/{row.id}/",
            )
            for row in rows.select_related("account").order_by("made_at")[:10]
        ]
    )


def _write_offs(actor: Actor, today: date, now: datetime) -> Told:
    """What others proposed to give up and this operator may approve, the oldest first."""
    rows = WriteOff.objects.filter(state="waiting").exclude(maker=actor.ref)
    return Told(
        waiting=[
            Waiting(
                f"Write-off of account {row.account.number}",
                f"{row.amount:,.2f}, proposed by {row.maker_name}: {row.reason}",
                row.state,
                row.made_at,
                f"/ledger/write-offs/{row.id}/",
            )
            for row in rows.select_related("account").order_by("made_at")[:10]
        ]
    )


def _refunds(actor: Actor, today: date, now: datetime) -> Told:
    """Refunds of deposits that others proposed and this operator may approve, the oldest first."""
    rows = refunds().filter(state="waiting").exclude(maker=actor.ref).order_by("made_at")
    return Told(
        waiting=[
            Waiting(
                f"Refund to {row.payee}",
                f"{row.amount:,.2f} of account {row.deposit.account.number}, proposed by {row.maker_name}: "
                f"{row.reason}",
                row.state,
                row.made_at,
                f"/ledger/refunds/{row.id}/",
            )
            for row in rows[:10]
        ]
    )


def _purges(actor: Actor, today: date, now: datetime) -> Told:
    """The purge that somebody else proposed and this operator may approve."""
    rows = Purge.objects.filter(state="waiting").exclude(maker=actor.ref).exclude(id__in=purges_at_work())
    return Told(
        waiting=[
            Waiting(
                f"Purge before {row.before:%b %-d, %Y}",
                f"{row.seen['journals']:,} journals, proposed by {row.maker_name}",
                row.state,
                row.made_at,
                f"/ledger/purges/{row.id}/",
            )
            for row in rows
        ]
    )


HOME = (
    HomePart("arrears", 20, "ledger.view", _arrears),
    HomePart("purges", 28, "ledger.purge.approve", _purges),
    HomePart("adjustments", 25, "ledger.adjust.approve", _adjustments),
    HomePart("refunds", 26, "ledger.deposit.approve", _refunds),
    HomePart("write-offs", 26, "ledger.write_off.approve", _write_offs),
)
