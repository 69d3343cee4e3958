"""The work of a what-if: part by part, bills read, worked out under the new tables and kept as rows."""

import gc
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction

from billing.assembly import AccountFacts, Terms
from billing.assembly.periods import days_to_bill
from billing.models import Run
from billing.past_use import Asking, asking, with_the_past
from billing.preparing import terms_of
from billing.what_if.questions import Question, question_of
from billing.what_if.rerating import KeptBill, Outcome, Rerater
from billing.what_if.sums import Figures, joined
from billing.what_if_models import WhatIf, WhatIfBill
from core.bulk import Same, insert_columns
from core.models import Job, JobChunk
from core.work.kinds import Chunk
from rates.engine import Tariff

_AT_ONCE = 1_000
"""Rows after which it is told how far the work is."""

_BILLS = """
SELECT b.id, b.charges, p.facts::text, p.lines::text
FROM billing_bill b JOIN billing_preparedbill p ON p.id = b.prepared_id
WHERE b.run_id = %s AND b.id BETWEEN %s AND %s AND b.is_live ORDER BY b.id
"""


class Worked(NamedTuple):
    """A part worked out: the bills to be kept, and the figures of all of them."""

    rows: Sequence[Outcome]
    figures: Figures


class _Desk(NamedTuple):
    """The question at work in this process; its tables and what it has found so far serve the next part."""

    asked: tuple[object, ...]
    question: Question
    rerater: Rerater


_desk: list[_Desk] = []


def work_out(chunk: Chunk) -> Worked:
    """Work a part's bills out, outside of the transaction that keeps them."""
    params = chunk.params
    with _collector_resting(), transaction.atomic():
        desk = _at_the_desk(chunk.job_params["what_if"])
        terms = terms_of(Run.objects.get(id=params["run"]))
        bills = read_bills(params["run"], params["first"], params["last"])
        replaced = [desk.rerater.replaced(bill, terms) for bill in bills]
        add_the_past(desk.question, terms, bills, replaced)
    figures, rows = Figures(), []
    with _collector_resting():
        for n, (bill, new) in enumerate(zip(bills, replaced, strict=True), 1):
            if desk.question.only_touched and not new:
                continue
            outcome = desk.rerater.rerated(bill, terms, new)
            figures.count(outcome, terms.hold_over)
            rows.append(outcome)
            if n % _AT_ONCE == 0:
                chunk.tell(n)
    return Worked(rows, figures)


@contextmanager
def _collector_resting() -> Iterator[None]:
    """Garbage collection off: among so many small lists it takes three times as long as reading them."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def _at_the_desk(what_if_id: int) -> _Desk:
    what_if = WhatIf.objects.get(id=what_if_id)
    asked = (what_if.tenant_id, what_if.id, what_if.made_at)
    if not _desk or _desk[0].asked != asked:
        question = question_of(what_if)
        _desk[:] = [_Desk(asked, question, question.rerater())]
    return _desk[0]


def read_bills(run_id: int, first: int, last: int) -> list[KeptBill]:
    """The live bills of a run with ids from ``first`` to ``last``, as they are kept; one query."""
    with connection.cursor() as cursor:
        cursor.execute(_BILLS, [run_id, first, last])
        return [
            KeptBill(bill_id, charges, json.loads(facts), json.loads(lines))
            for bill_id, charges, facts, lines in cursor.fetchall()
        ]


def add_the_past(
    question: Question, terms: Terms, bills: Sequence[KeptBill], replaced: Sequence[dict[int, list[Any]]]
) -> None:
    """Give replaced services what their new tables ask of the past and the bill's own did not; three queries
    at most, none when no table asks.
    """
    asked = list(_asking(question.tariffs, terms, bills, replaced))
    if not asked:
        return
    known = with_the_past([one for _, _, one in asked])
    for bill_n, place, one in asked:
        service = known[one.service.service_id]
        kept = replaced[bill_n][place]
        more = dict(kept[12]) if len(kept) > 12 else {}
        more["past"] = {
            name: [[u.on.isoformat(), str(u.use), u.unit] for u in uses]
            for name, uses in service.past.items()
        }
        own = _billed(bills[bill_n].lines, one.service.service_id)
        more["charged"] = {c: str(x - own.get(c, Decimal(0))) for c, x in service.charged.items()}
        replaced[bill_n][place] = [*kept[:12], {name: value for name, value in more.items() if value}]


def _asking(
    tariffs: Mapping[str, Tariff],
    terms: Terms,
    bills: Sequence[KeptBill],
    replaced: Sequence[Mapping[int, list[Any]]],
) -> Iterator[tuple[int, int, Asking]]:
    for bill_n, (bill, places) in enumerate(zip(bills, replaced, strict=True)):
        for place, kept in places.items():
            tables = _tables(kept, tariffs)
            wanted = _asked(tables)
            if not wanted or wanted <= _asked(_tables(bill.facts[8][place], tariffs)):
                continue
            facts = AccountFacts.from_json([*bill.facts[:8], [kept], *bill.facts[9:]])
            service = facts.services[0]
            first, end = days_to_bill(
                terms, service.starts, service.ends, service.billed_to, service.registers, service.billed_in
            )
            one = asking(facts.account_id, service, first, end, tables)
            if one is not None:
                yield bill_n, place, one


def _tables(kept: list[Any], tariffs: Mapping[str, Tariff]) -> list[Tariff]:
    """The tables that price a kept service."""
    more = kept[12] if len(kept) > 12 else {}
    hashes = [digest for _, digest in more.get("parts", ())] or [kept[3]]
    return [tariffs[digest] for digest in hashes if digest in tariffs]


def _asked(tables: Sequence[Tariff]) -> set[object]:
    """What tables ask of the past: their look-backs, and the charges that stop."""
    return {ask for table in tables for ask in (*table.look_backs, *table.stopping)}


def _billed(lines: Sequence[list[Any]], service_id: int) -> dict[str, Decimal]:
    """What the bill itself charged by component of the service: no part of what was charged before it."""
    found: dict[str, Decimal] = {}
    for line in lines:
        if line[0] == service_id:
            found[line[1]] = found.get(line[1], Decimal(0)) + Decimal(line[6])
    return found


def keep(chunk: Chunk) -> Mapping[str, Any]:
    """Keep a part's rows; what it gives is the part's figures."""
    worked: Worked = chunk.prepared
    rows = worked.rows
    if rows:
        insert_columns(
            WhatIfBill,
            {
                "what_if_id": Same(chunk.job_params["what_if"]),
                "bill_id": [one.bill_id for one in rows],
                "category": [one.category for one in rows],
                "rate_code": [one.rate_code for one in rows],
                "use": [one.use for one in rows],
                "unit": [one.unit for one in rows],
                "old": [one.old for one in rows],
                "new": [one.new for one in rows],
                "change": [None if one.new is None else one.new - one.old for one in rows],
                "touched": [one.touched for one in rows],
                "reason": [one.reason for one in rows],
                "detail": [one.detail[:300] for one in rows],
            },
        )
    return {"figures": worked.figures.as_json()}


def conclude(job: Job) -> Mapping[str, Any]:
    """When the last part is done: its figures are those of all parts."""
    parts = JobChunk.objects.filter(job=job).order_by("number").values_list("result", flat=True)
    figures = joined(part["figures"] for part in parts)
    WhatIf.objects.filter(id=job.params["what_if"]).update(figures=figures.as_json())
    return {"change": str(figures.whole.change), "unpriced": sum(s.bills for s in figures.unpriced.values())}
