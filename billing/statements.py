"""Bills as documents: everything a statement says, for many bills in a fixed number of queries."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from billing.assembly import AccountFacts, BillLine, Prepared, assemble
from billing.documents.statement import (
    Brand,
    MeterReading,
    Statement,
    StatementLine,
    StatementService,
    UseHistory,
)
from billing.gather import tariffs_by_hash
from billing.look import look_now
from billing.models import Bill, BillCancellation, RegisterUse
from billing.policies import MAILER_ID, MESSAGE, PHONE, POSTAL_CODE_KIND, REMIT_TO
from billing.preparing import terms_of
from billing.rests_on import sentences
from core import policies
from core.barcodes import BarcodeRefused, IntelligentMail, Postnet
from core.errors import Conflict
from core.models import Utility
from core.money import ZERO
from core.quantities import UNITS, as_decimal, convert
from core.ui.charts import Month
from customers.mailing import MailingAddress, mailing_of
from ledger.history_queries import purges_of
from ledger.models import Charge
from meters.models import ServiceType
from meters.usage import is_use
from rates.engine import Step

HISTORY = 13
_LONG = re.compile(r"\d[\d,]*\.\d{4,}")


@dataclass(frozen=True, slots=True)
class _Shared:
    """What all bills of a batch need, read once."""

    charges: Mapping[int, list[Charge]]
    uses: Mapping[int, list[RegisterUse]]
    history: Mapping[int, list[RegisterUse]]
    cancelled: Mapping[int, date]
    house: Mapping[str, Any]
    mailed: Mapping[int, MailingAddress]


def brand_of(utility: Utility, on: date) -> Brand:
    """How the utility presents itself on paper: its policies, its logo and its colours."""
    look = look_now()
    remit = str(policies.value_on(REMIT_TO, on) or utility.name)
    lines = tuple(line.strip() for line in remit.split(";") if line.strip())
    return Brand(
        utility_name=utility.name,
        address_lines=lines[1:] or lines,
        phone=str(policies.value_on(PHONE, on) or ""),
        remit_to=lines,
        logo=look.logo,
        colour=look.colour,
        accent=look.accent,
    )


def statements_of(bill_ids: Sequence[int]) -> list[Statement]:
    """The statements of these bills, in the order given."""
    bills = {
        b.id: b
        for b in Bill.objects.filter(id__in=bill_ids).select_related(
            "account__customer", "account__location__route", "run", "prepared"
        )
    }
    ordered = [bills[i] for i in bill_ids]
    if not ordered:
        return []
    shared = _shared(ordered)
    return [_statement(bill, shared) for bill in ordered]


def explained(bill: Bill) -> Prepared:
    """The bill made again from its facts: every line with its steps.

    Raises ``LookupError`` if the facts no longer give a bill, which ``manage.py prove`` reports.
    """
    facts = AccountFacts.from_json(bill.prepared.facts)
    reasons = frozenset(bill.prepared.released)
    made = assemble(terms_of(bill.run), facts, tariffs_by_hash(facts.tariff_hashes), reasons)
    if not isinstance(made, Prepared):
        raise LookupError(f"Bill {bill.number} cannot be made again: {made.detail}")
    return made


def _shared(bills: Sequence[Bill]) -> _Shared:
    charges: dict[int, list[Charge]] = defaultdict(list)
    journals = [b.journal_id for b in bills if b.journal_id]
    for purge in purges_of(journals):
        raise Conflict(
            f"Its lines were purged with the history before {purge.before:%b %-d, %Y}, so it cannot be made"
            " on paper again.",
            f"See the archive of purge {purge.id}, or the bill as it was printed.",
        )
    for charge in Charge.objects.filter(journal__in=journals).select_related("service").order_by("id"):
        charges[charge.journal_id].append(charge)
    uses: dict[int, list[RegisterUse]] = defaultdict(list)
    rows = RegisterUse.objects.select_related("from_reading", "to_reading", "register__meter", "service")
    for use in rows.filter(bill__in=bills).order_by("id"):
        uses[use.bill_id].append(use)
    history: dict[int, list[RegisterUse]] = defaultdict(list)
    registers = {u.register_id for listed in uses.values() for u in listed}
    on = bills[0].bill_on
    floor = date(on.year - 1, on.month, 1)
    past = RegisterUse.objects.filter(register__in=registers, is_live=True, on__gte=floor).order_by("on")
    for use in past:
        history[use.service_id].append(use)
    house = {code: policies.value_on(code, on) for code in (POSTAL_CODE_KIND, MAILER_ID, MESSAGE)}
    gone = [b for b in bills if not b.is_live]
    cancelled = BillCancellation.objects.filter(bill__in=gone).values_list("bill_id", "on") if gone else ()
    mailed = mailing_of(b.account for b in bills)
    return _Shared(charges, uses, history, dict(cancelled), house, mailed)


def _statement(bill: Bill, shared: _Shared) -> Statement:
    account, mailed = bill.account, shared.mailed[bill.account_id]
    uses = shared.uses.get(bill.id, [])
    made = explained(bill)
    steps = {(line.service_id, line.component): _worth_saying(line) for line in made.lines}
    return Statement(
        bill_number=str(bill.number),
        account_number=account.number,
        customer_number=str(account.customer_id),
        customer_name=account.customer.name,
        mailing_lines=mailed.lines,
        service_address=account.location.address,
        billed_on=bill.bill_on,
        due_on=bill.due_on,
        services=_services(bill, shared, uses, steps),
        total_due=bill.total_due,
        previous_balance=bill.previous_balance + bill.payments,
        payments=bill.payments,
        deposit=bill.deposit_applied,
        amount_after_due=bill.due_after,
        cash_only=account.cash_only,
        messages=tuple(str(m) for m in (account.message, bill.message, shared.house[MESSAGE]) if m),
        history=_history(uses, shared, bill),
        explanation=_explanation(made, AccountFacts.from_json(bill.prepared.facts), steps),
        marked=_marked(bill),
        cancelled_on=shared.cancelled.get(bill.id),
        postal=_postal(bill, mailed, shared.house),
    )


def _marked(bill: Bill) -> str:
    if not bill.is_live:
        return "Cancelled bill"
    return "Final bill" if bill.final else ""


def _worth_saying(line: BillLine) -> list[str]:
    """The sentences of a line's arithmetic; what comes to nothing and a plain fixed amount say nothing."""
    said = [step.text for step in line.steps if step.amount or len(line.steps) == 1]
    return said if line.quantity is not None or len(said) > 1 else []


def _explanation(
    made: Prepared, facts: AccountFacts, steps: Mapping[tuple[int, str], list[str]]
) -> tuple[str, ...]:
    """A sentence for each line that one multiplication cannot explain, and for what else it rests on."""
    lines = (
        f"{line.text}: {_in_a_row(line.steps)}"
        for line in made.lines
        if len(steps[line.service_id, line.component]) > 1 and line.amount
    )
    services = {s.service_id: s for s in facts.services}
    others = (said for one in made.worked for said in sentences(services[one.service_id], one))
    return (*lines, *others)


def _in_a_row(steps: Sequence[Step]) -> str:
    """The steps one after the other; those under another stand in brackets behind it."""
    said: list[tuple[str, list[str]]] = []
    for step in steps:
        if step.under and said:
            said[-1][1].append(step.text)
        else:
            said.append((step.text, []))
    return "; ".join(f"{text} ({', '.join(under)})" if under else text for text, under in said)


def _services(
    bill: Bill, shared: _Shared, uses: Sequence[RegisterUse], steps: Mapping[tuple[int, str], list[str]]
) -> tuple[StatementService, ...]:
    lines: dict[int, list[Charge]] = defaultdict(list)
    for charge in shared.charges.get(bill.journal_id or 0, []):
        lines[charge.service_id or 0].append(charge)
    found = []
    for service_id, charges in lines.items():
        service = charges[0].service
        mine = [u for u in uses if u.service_id == service_id]
        found.append(
            StatementService(
                name=str(ServiceType(service.service_type).label) if service else "Other",
                charges=tuple(StatementLine(c.text, c.amount, _detail(c, steps)) for c in charges),
                readings=tuple(_reading(u) for u in mine),
                usage=_summed(mine),
                unit=UNITS[mine[0].unit].label if mine else "",
                days=mine[0].days if mine else None,
            )
        )
    return tuple(found)


def _detail(charge: Charge, steps: Mapping[tuple[int, str], list[str]]) -> str:
    texts = steps.get((charge.service_id or 0, charge.component), [])
    return _in_short(texts[0]) if len(texts) == 1 and charge.quantity is not None else ""


def _in_short(step: str) -> str:
    """A step beside its amount: without what it comes to, a long quantity to three places."""
    much, times, price = step.partition(" × ")
    if not times:
        return step
    much = _LONG.sub(lambda m: f"{round(Decimal(m[0].replace(',', '')), 3):,f}", much)
    return f"{much}{times}{price.rpartition(' = ')[0] or price}"


def _reading(use: RegisterUse) -> MeterReading:
    return MeterReading(
        meter_number=use.register.meter.number,
        previous_on=use.from_reading.on,
        previous=_dial(use.from_reading.dial),
        current_on=use.to_reading.on,
        current=_dial(use.to_reading.dial),
        usage=use.use.normalize(),
        unit=UNITS[use.unit].label,
        days=use.days,
        estimated=use.source == "E",
    )


def _dial(value: Decimal) -> str:
    return format(value.normalize(), "f")


def _summed(uses: Sequence[RegisterUse]) -> Decimal | None:
    """What they used together in the unit of the first; a demand read beside the use is left out."""
    uses = [u for u in uses if is_use(u.unit)]
    if not uses:
        return None
    unit = uses[0].unit
    return sum((as_decimal(convert(u.use, u.unit, unit)) for u in uses), ZERO).normalize()


def _history(uses: Sequence[RegisterUse], shared: _Shared, bill: Bill) -> UseHistory | None:
    """Thirteen months of the first metered service, the month of each reading, this one last."""
    if not uses:
        return None
    service_id, unit = uses[0].service_id, uses[0].unit
    by_month: dict[tuple[int, int], list[RegisterUse]] = defaultdict(list)
    for use in shared.history.get(service_id, []):
        if use.on <= uses[0].on:
            by_month[(use.on.year, use.on.month)].append(use)
    last = uses[0].on
    months = []
    for back in range(HISTORY - 1, -1, -1):
        whole = last.year * 12 + last.month - 1 - back
        year, month = divmod(whole, 12)
        here = by_month.get((year, month + 1), [])
        months.append(
            Month(
                label=f"{date(year, month + 1, 1):%b}",
                value=_summed(here),
                current=back == 0,
                estimated=any(u.source == "E" for u in here),
            )
        )
    return UseHistory(str(ServiceType(uses[0].service.service_type).label), UNITS[unit].label, tuple(months))


def _postal(bill: Bill, mailed: MailingAddress, house: Mapping[str, Any]) -> IntelligentMail | Postnet | None:
    routing = "".join(c for c in mailed.zip_code if c.isdigit())
    if len(routing) == 9 and len(mailed.delivery_point) == 2:
        routing += mailed.delivery_point
    if mailed.country != "US" or len(routing) not in {5, 9, 11}:
        return None
    mailer = str(house[MAILER_ID] or "")
    try:
        if house[POSTAL_CODE_KIND] == "postnet":
            return Postnet(routing)
        if house[POSTAL_CODE_KIND] == "imb" and len(mailer) in {6, 9}:
            return IntelligentMail(
                mailer, str(bill.number).zfill(15 - len(mailer))[-(15 - len(mailer)) :], routing
            )
    except BarcodeRefused:
        return None  # printed without: the post takes it, and the list of undeliverable ZIPs shows it
    return None
