"""One bill of a what-if explained twice: each service with its lines and steps, as billed and anew."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from billing.assembly import AccountFacts, BillLine, Held, Prepared, Terms, assemble
from billing.preparing import terms_of
from billing.what_if.questions import Question, question_of
from billing.what_if.rerating import KeptBill
from billing.what_if.telling import service_name, signed
from billing.what_if.working import add_the_past
from billing.what_if_models import WhatIf, WhatIfBill
from core.money import ZERO
from rates.engine import Tariff


@dataclass(frozen=True, slots=True)
class Line:
    """A charge: its words, the amount and the arithmetic behind it."""

    text: str
    amount: Decimal
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceTwice:
    """A service on both bills, a charge's lines beside each other; ``None``: only the other bill has it."""

    name: str
    old: Decimal
    new: Decimal | None
    lines: tuple[tuple[Line | None, Line | None], ...]
    problem: str = ""

    @property
    def change(self) -> str:
        """The difference with its sign."""
        return "" if self.new is None else signed(self.new - self.old)


def side_by_side(what_if: WhatIf, row: WhatIfBill) -> list[ServiceTwice]:
    """The services of a row's bill; wants the bill with ``prepared`` and ``run``."""
    return sides(question_of(what_if), row)


def sides(question: Question, row: WhatIfBill) -> list[ServiceTwice]:
    """The same for several rows of one question."""
    terms = terms_of(row.bill.run)
    prepared = row.bill.prepared
    kept = KeptBill(row.bill_id, row.old, prepared.facts, prepared.lines)
    new_facts = _under(question, terms, kept)
    old = _made(terms, kept.facts, question.tariffs)
    new = _made(terms, new_facts, question.tariffs)
    kinds = {s.service_id: s.service_type for s in AccountFacts.from_json(kept.facts).services}
    posted = _by_service(BillLine.from_json(line) for line in prepared.lines)
    before = _by_service(old.lines) if isinstance(old, Prepared) else posted
    after = _by_service(new.lines) if isinstance(new, Prepared) else {}
    problem = "" if isinstance(new, Prepared) else str(new)
    ids = [i for i in kinds if i in posted or i in after]
    return [_twice(kinds[i], before.get(i) or posted.get(i) or [], after.get(i, []), problem) for i in ids]


def _under(question: Question, terms: Terms, kept: KeptBill) -> list[Any]:
    rerater = question.rerater()
    replaced = rerater.replaced(kept, terms)
    add_the_past(question, terms, [kept], [replaced])
    services = [replaced.get(n, s) for n, s in enumerate(kept.facts[8])]
    return [*kept.facts[:8], services, *kept.facts[9:]]


def _made(terms: Terms, facts: list[Any], tariffs: Mapping[str, Tariff]) -> Prepared | str:
    """The bill, or why there is none."""
    made = assemble(terms, AccountFacts.from_json(facts), tariffs)
    if isinstance(made, Held) and made.prepared is not None:
        return made.prepared
    return made if isinstance(made, Prepared) else made.detail


def _by_service(lines: Iterable[BillLine]) -> dict[int, list[BillLine]]:
    found: dict[int, list[BillLine]] = {}
    for line in lines:
        found.setdefault(line.service_id, []).append(line)
    return found


def _twice(
    service_type: str, before: Sequence[BillLine], after: Sequence[BillLine], problem: str
) -> ServiceTwice:
    old, new = {b.component: b for b in before}, {a.component: a for a in after}
    both = [(old.get(c), new.get(c)) for c in (*old, *(c for c in new if c not in old))]
    return ServiceTwice(
        service_name(service_type),
        sum((b.amount for b in before), ZERO),
        None if problem else sum((a.amount for a in after), ZERO),
        tuple((_line(a), _line(b)) for a, b in both),
        problem,
    )


def _line(line: BillLine | None) -> Line | None:
    return None if line is None else Line(line.text, line.amount, tuple(s.text for s in line.steps))
