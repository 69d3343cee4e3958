"""Every line of a bill explained: what it was made from and where that is kept, the table, the arithmetic.

The same for a posted bill and for one that is only prepared: both are made again from their facts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from billing.assembly import AccountFacts, BillLine, Held, Prepared, ServiceFacts, assemble
from billing.assembly.results import Worked
from billing.gather import tariffs_by_hash
from billing.inputs import Input, Measured, Places, inputs_of, measured_by, without_zeros
from billing.models import Bill, BillCancellation, PreparedBill
from billing.preparing import terms_of
from billing.rests_on import Exempted, PastShown, exempted, how_the_use_came_about, past_shown
from billing.tables_used import TableUsed, tables_used
from core.money import round_cents, total
from core.periods import Period
from core.quantities import UNITS
from meters.models import ServiceType
from rates.engine import Step

May = Callable[[str], bool]


class LineExplained(NamedTuple):
    """A line with its arithmetic; ``exact`` is Σ of the steps before the one rounding."""

    service_id: int
    component: str
    text: str
    revenue_code: str
    quantity: Decimal | None
    unit: str
    amount: Decimal
    steps: tuple[Step, ...]
    exact: Decimal
    rounding: str


@dataclass(frozen=True, slots=True)
class ServiceExplained:
    """A service on the bill: the days, what was measured, what else it rests on, the tables, its lines.

    ``use_told`` says how the billed use follows from the metered one, ``past`` lists earlier periods that
    the table looks at, ``exempted`` the taxes that are not charged.  ``tables`` are the versions that priced
    it, in the order of their days: one, unless the rate changed inside the period.
    """

    service_id: int
    name: str
    period: Period | None
    days: int
    measured: tuple[Measured, ...]
    measured_by: str
    inputs: tuple[Input, ...]
    tables: tuple[TableUsed, ...]
    lines: tuple[LineExplained, ...]
    use_told: tuple[str, ...] = ()
    past: tuple[PastShown, ...] = ()
    exempted: tuple[Exempted, ...] = ()

    @property
    def table(self) -> TableUsed | None:
        """The version that priced the last day."""
        return self.tables[-1] if self.tables else None

    @property
    def amount(self) -> Decimal:
        """Σ of its lines."""
        return total(line.amount for line in self.lines)


class BillBefore(NamedTuple):
    """A cancelled bill of the same days: why it was cancelled, and what it charged, in dollars."""

    number: int
    charges: Decimal
    cancelled_on: date
    why: str
    more: Decimal
    more_days: int

    @property
    def reason(self) -> str:
        """Why it was cancelled, without a stop at its end."""
        return self.why.rstrip(". ")

    @property
    def difference(self) -> str:
        """What the new bill charges more or less, as a sentence."""
        days = f", for {self.more_days} more days" if self.more_days > 0 else ""
        if not self.more:
            return f"The new bill charges the same{days}."
        return f"The new bill charges {abs(self.more):,.2f} {'more' if self.more > 0 else 'less'}{days}."


@dataclass(frozen=True, slots=True)
class Explanation:
    """A bill explained.  ``problem`` says why when its facts give no bill; it has no services then.

    ``before`` is the cancelled bill of the same days that this one was made for instead.
    """

    services: tuple[ServiceExplained, ...]
    total: Decimal | None
    problem: str = ""
    before: BillBefore | None = None

    def line(self, service_id: int | None, component: str) -> tuple[ServiceExplained, LineExplained] | None:
        """The line of a charge and the service it stands under; ``None`` when it does not come out again."""
        for service in self.services:
            for line in service.lines:
                if (line.service_id, line.component) == (service_id, component):
                    return service, line
        return None


def explain_bill(bill: Bill, may: May) -> Explanation:
    """A posted bill explained, in at most nine queries; ``may`` says which links lead anywhere.

    Wants the bill with ``run``, ``prepared`` and ``account__location`` selected.
    """
    return replace(_explained(bill.prepared, bill.run, bill.account, may), before=_before(bill))


def _before(bill: Bill) -> BillBefore | None:
    """The bill of the same days that was cancelled last before this one was made."""
    if not getattr(bill, "replaces", True):  # as ``billing.bills.bill_numbered`` has asked already
        return None
    rows = BillCancellation.objects.filter(bill__account=bill.account_id, bill__starts=bill.starts)
    found = rows.filter(bill__number__lt=bill.number).select_related("bill").order_by("-bill__number").first()
    if found is None:
        return None
    was = found.bill
    more, days = bill.charges - was.charges, (bill.ends - was.ends).days
    return BillBefore(was.number, was.charges, found.on, found.why, more, days)


def explain_prepared(row: PreparedBill, may: May) -> Explanation:
    """The same for a bill before it is posted, held or not; wants ``run`` and ``account__location``."""
    return _explained(row, row.run, row.account, may)


def made_again(row: PreparedBill) -> Prepared | None:
    """The bill that the row's facts give, held or not; ``None`` when they give none.  Two queries at most."""
    made, _ = _made(row, row.run)
    return made


def _made(row: PreparedBill, run: Any) -> tuple[Prepared | None, AccountFacts]:
    facts = AccountFacts.from_json(row.facts)
    tariffs = tariffs_by_hash(facts.tariff_hashes)
    result = assemble(terms_of(run), facts, tariffs, frozenset(row.released))
    made = result.prepared if isinstance(result, Held) else result
    return (made if isinstance(made, Prepared) else None), facts


def _explained(row: PreparedBill, run: Any, account: Any, may: May) -> Explanation:
    made, facts = _made(row, run)
    if made is None:
        return Explanation(
            (), None, f"The bill of account {facts.number} cannot be made again from its facts."
        )
    places = Places(account.number, account.location.code)
    measured = measured_by(facts, may)
    spans = {p.service_id: (p.starts, p.ends) for p in made.periods}
    tables = tables_used(facts, spans, may)
    worked = {one.service_id: one for one in made.worked}
    lines: dict[int, list[BillLine]] = {}
    for line in made.lines:
        lines.setdefault(line.service_id, []).append(line)
    of = {service.service_id: service for service in facts.services}
    return Explanation(
        tuple(
            _service(of[i], facts, worked[i], spans[i], measured, tables.get(i, ()), found, places)
            for i, found in lines.items()
        ),
        made.total,
    )


def _service(
    service: ServiceFacts,
    facts: AccountFacts,
    worked: Worked,
    span: tuple[date, date],
    measured: Mapping[int, tuple[Measured, ...]],
    tables: tuple[TableUsed, ...],
    lines: Sequence[BillLine],
    places: Places,
) -> ServiceExplained:
    tariff = worked.tables[-1][1]
    mine = measured.get(service.service_id, ())
    source = tariff.use.source if not mine else None
    other = next((s for s in facts.services if s.service_type == source), None) if source else None
    return ServiceExplained(
        service_id=service.service_id,
        name=_name(service.service_type),
        period=Period(*span),
        days=(span[1] - span[0]).days,
        measured=measured.get(other.service_id, ()) if other else mine,
        measured_by=_name(other.service_type) if other else "",
        inputs=inputs_of(service, facts, tariff, places, mine),
        tables=tables,
        lines=tuple(_line(line) for line in lines),
        use_told=how_the_use_came_about(worked),
        past=past_shown(service, worked),
        exempted=exempted(worked),
    )


def _name(service_type: str) -> str:
    return str(ServiceType(service_type).label)


def _line(line: BillLine) -> LineExplained:
    exact = sum((step.amount for step in line.steps), Decimal(0))
    return LineExplained(
        service_id=line.service_id,
        component=line.component,
        text=line.text,
        revenue_code=line.revenue_code,
        quantity=None if line.quantity is None else without_zeros(line.quantity),
        unit=UNITS[line.unit].label if line.unit in UNITS else line.unit,
        amount=line.amount,
        steps=line.steps,
        exact=exact,
        rounding=_rounding(exact, line.amount),
    )


def _rounding(exact: Decimal, amount: Decimal) -> str:
    """How the steps become whole cents, in a sentence."""
    if round_cents(exact) != amount:
        return f"With the rounding of the whole bill it is {amount:,.2f}."
    if exact == amount:
        return f"It comes to {amount:,.2f}; there is nothing to round."
    return f"It comes to {exact.normalize():,f}, rounded once, half a cent up: {amount:,.2f}."
