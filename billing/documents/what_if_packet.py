"""A what-if as a packet for a council: the question, totals, groups, charts, sample bills, clauses.

It names no customer: sample bills are those in the middle of each band of use.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString

from billing.documents.statement import Brand
from billing.documents.wording import colour_sheet, letterhead, pictures
from billing.what_if.clauses import TableClauses
from billing.what_if.side_by_side import ServiceTwice
from billing.what_if.telling import Told
from core.money import show_amount
from core.ui import paper


@dataclass(frozen=True, slots=True)
class SampleBill:
    """A bill in the middle of its band: who it stands for, without a name."""

    band: str
    about: str
    old: Decimal
    new: Decimal
    change: str
    percent: str
    services: tuple[ServiceTwice, ...]


@dataclass(frozen=True, slots=True)
class Packet:
    """What is printed; ``made`` is the day in words."""

    name: str
    note: str
    basis: str
    made: str
    tables: Sequence[TableClauses]
    whole: Told
    same: int
    untouched: int
    unpriced: Sequence[tuple[str, int, Decimal]]
    groups: Sequence[tuple[str, Sequence[Told]]]
    change_chart: SafeString
    class_chart: SafeString
    use_chart: SafeString
    samples: Sequence[SampleBill]


def print_packet(packet: Packet, brand: Brand) -> bytes:
    """The packet as PDF; the same content gives the same bytes."""
    css = (paper.stylesheet("what-if.css"), colour_sheet(brand))
    html = paper.fill(
        "what-if.html",
        packet=packet,
        totals=_totals(packet),
        groups=[(title, [_line(one) for one in told]) for title, told in packet.groups if told],
        unpriced=[(reason, f"{n:,}", show_amount(old)) for reason, n, old in packet.unpriced],
        samples=[_sample(one) for one in packet.samples],
        **letterhead(brand),
    )
    return paper.render(html, css, assets=pictures(brand))


def _totals(packet: Packet) -> list[tuple[str, str]]:
    whole = packet.whole.sum
    found = [
        ("Bills", f"{whole.bills:,}"),
        ("Billed", show_amount(whole.old)),
        ("Would have been", show_amount(whole.new)),
        ("Difference", f"{packet.whole.change} ({packet.whole.percent})"),
        ("Customers who pay more", f"{whole.higher:,}"),
        ("Customers who pay less", f"{whole.lower:,}"),
        ("Customers who pay the same", f"{packet.same:,}"),
    ]
    if packet.untouched:
        found.append(("Of those, without any such service", f"{packet.untouched:,}"))
    return found


def _line(told: Told) -> dict[str, str]:
    return {
        "name": told.name,
        "bills": f"{told.sum.bills:,}",
        "old": show_amount(told.sum.old),
        "new": show_amount(told.sum.new),
        "change": told.change,
        "percent": told.percent.removesuffix(" %"),
        "each": told.each,
        "higher": f"{told.sum.higher:,}",
        "lower": f"{told.sum.lower:,}",
    }


def _sample(one: SampleBill) -> dict[str, Any]:
    return {
        "band": one.band,
        "about": one.about,
        "old": show_amount(one.old),
        "new": show_amount(one.new),
        "change": one.change,
        "percent": one.percent,
        "lines": [
            {
                "text": f"{service.name}: {line.text}",
                "old": "–" if before is None else show_amount(before.amount),
                "new": "–" if after is None else show_amount(after.amount),
            }
            for service in one.services
            for before, after in service.lines
            if (line := after or before) is not None
        ],
    }
