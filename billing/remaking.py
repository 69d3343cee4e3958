"""Posted bills made again from their facts, every night: a difference of one cent raises an alarm (B5).

A bill is a function of its facts, its rate tables and the engine's version.  When one made again is not
what was posted, a table was changed behind everybody's back, or the program computes otherwise than it did.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import zip_longest
from typing import NamedTuple

from django.db import connection

from billing.assembly import AccountFacts, Excepted, Prepared, Terms, assemble
from billing.models import Bill, Run
from billing.preparing import terms_of
from core.bulk import array_literal
from core.money import total
from meters.models import ServiceType
from rates.engine import ENGINE_VERSION, Tariff, TariffError, parse_tariff
from rates.models import RateVersion


class Line(NamedTuple):
    """A line of a bill.  What must come out again is all but the ``text``."""

    service_id: int | None
    component: str
    amount: Decimal
    text: str


class Difference(NamedTuple):
    """A bill that came out otherwise; ``made`` is ``None`` when its facts gave no bill at all."""

    bill_id: int
    number: int
    posted: Decimal
    made: Decimal | None
    detail: str


class _Kept(NamedTuple):
    """What is kept of a posted bill."""

    id: int
    number: int
    run_id: int
    journal_id: int | None
    charges: Decimal
    facts: AccountFacts
    released: frozenset[str]


def differences(first: int, last: int) -> tuple[int, list[Difference]]:
    """Make the live bills with these ids (both included) again: how many there were, and which differ.

    Only bills of the present engine version; five queries whatever their number.  Rate tables are read as
    the database holds them now, not as this process has parsed them before.
    """
    bills = _kept(first, last)
    charged = _charged([b.journal_id for b in bills if b.journal_id])
    terms = {run.id: terms_of(run) for run in Run.objects.filter(id__in={b.run_id for b in bills})}
    tariffs = _tariffs({digest for b in bills for digest in b.facts.tariff_hashes})
    found = []
    for bill in bills:
        kept = charged.get(bill.journal_id or 0, [])
        difference = _compared(bill, kept, terms[bill.run_id], tariffs)
        if difference is not None:
            found.append(difference)
    return len(bills), found


def _kept(first: int, last: int) -> list[_Kept]:
    rows = Bill.objects.filter(id__range=(first, last), is_live=True, engine_version=ENGINE_VERSION)
    rows = rows.exclude(journal__purge__isnull=False)  # its lines are in an archive
    return [
        _Kept(*row[:5], AccountFacts.from_json(row[5]), frozenset(row[6]))
        for row in rows.order_by("id").values_list(
            "id", "number", "run_id", "journal_id", "charges", "prepared__facts", "prepared__released"
        )
    ]


def _charged(journals: Sequence[int]) -> dict[int, list[Line]]:
    found: dict[int, list[Line]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT journal_id, service_id, component, amount, text FROM ledger_charge"
            " WHERE journal_id = ANY (%s::bigint[]) ORDER BY id",
            [array_literal(journals)],
        )
        for journal_id, *line in cursor.fetchall():
            found[journal_id].append(Line(*line))
    return found


def _tariffs(hashes: set[str]) -> dict[str, Tariff]:
    """Those that can be read; a bill of the others cannot be made, which is an alarm of its own."""
    found: dict[str, Tariff] = {}
    rows = RateVersion.objects.filter(content_hash__in=hashes).order_by("content_hash", "id")
    for digest, content in rows.distinct("content_hash").values_list("content_hash", "content"):
        try:
            found[digest] = parse_tariff(content)
        except TariffError:
            continue
    return found


def _compared(
    bill: _Kept, kept: list[Line], terms: Terms, tariffs: Mapping[str, Tariff]
) -> Difference | None:
    result = assemble(terms, bill.facts, tariffs, bill.released)
    # A bill that a person let through is still the same bill, whatever stopped it then.
    made = result if isinstance(result, Prepared | Excepted) else result.prepared
    if not isinstance(made, Prepared):
        detail = result.detail if not isinstance(result, Prepared) else ""
        return Difference(bill.id, bill.number, bill.charges, None, f"No bill comes of its facts. {detail}")
    again = [Line(line.service_id, line.component, line.amount, line.text) for line in made.lines]
    if bill.journal_id is None and not any(line.amount for line in again):
        again = []  # a bill of nothing has no journal, and so no charges
    if [k[:3] for k in kept] == [a[:3] for a in again] and made.total == bill.charges:
        return None
    return Difference(bill.id, bill.number, bill.charges, made.total, _told(bill, kept, again))


def _told(bill: _Kept, kept: Sequence[Line], again: Sequence[Line]) -> str:
    """The lines that differ, in words."""
    names = {s.service_id: str(ServiceType(s.service_type).label) for s in bill.facts.services}
    said = []
    for was, now in zip_longest(kept, again):
        place = was or now
        if place is None or (was and now and was[:3] == now[:3]):
            continue
        words = f"{names.get(place.service_id or 0, 'Other')}, {place.text}"
        if was and now and was[:2] == now[:2]:
            said.append(f"{words}: posted {was.amount}, made again {now.amount}")
        else:
            said.append(
                f"{words}: {'another line' if was and now else 'posted only' if was else 'not posted'}"
            )
    if not said:
        return f"The lines are the same, but they add up to {total(line.amount for line in kept)}."
    return "; ".join(said)
