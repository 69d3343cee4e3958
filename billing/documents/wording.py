"""The words and figures of a printed bill, made from a ``Statement``.  No clock, no database, no settings.

Everything the template prints is a text made here, so the template decides places and nothing else.
"""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from billing.documents.statement import (
    Brand,
    MeterReading,
    Statement,
    StatementLine,
    StatementService,
    UseHistory,
)
from core.barcodes import bill_code, code128_svg, mail_svg, qr_png
from core.money import ZERO
from core.ui import paper
from core.ui.charts import Palette, figure, use_chart
from core.ui.colours import mix, readable

_LINES_BESIDE = 8  # lines of text that fit under the chart; what does not fit follows the charges
_LINE_BESIDE = 50  # characters that surely fit on such a line
_CHART_SIZE = (201.0, 92.0)

Face = dict[str, Any]


def dollars(amount: Decimal) -> str:
    """``$1,234.56``; a credit has a minus and CR: ``-$12.50 CR``."""
    return f"-${-amount:,.2f} CR" if amount < 0 else f"${amount:,.2f}"


def day(on: date) -> str:
    """``Nov 22, 2026``."""
    return f"{on:%b} {on.day}, {on.year}"


def long_day(on: date) -> str:
    """``November 22, 2026``."""
    return f"{on:%B} {on.day}, {on.year}"


def face_of(statement: Statement, brand: Brand, *, place: int, pages: int, crowded: bool = False) -> Face:
    """What the template prints for one bill; ``place`` names it in its document, ``pages`` is its length.

    ``crowded`` keeps messages and explanation out of the side column.
    """
    code = bill_code(statement.account_number, statement.total_due)
    numbers = f"Account {statement.account_number}  ·  Bill {statement.bill_number}"
    messages, explanation = (False, False) if crowded else _beside(statement)
    return {
        "anchor": anchor(place),
        "side_end": side_end(place),
        "pages": pages,
        "running": f"{brand.utility_name}  ·  {numbers}",
        "bill": statement,
        "marked": statement.marked,
        "facts": _facts(statement),
        "due": _due(statement),
        "summary": _summary(statement),
        "services": [_service(s) for s in statement.services],
        "others": [_line(c) for c in statement.other_charges],
        "current_charges": dollars(statement.current_charges),
        "closing": _closing(statement),
        "messages_beside": statement.messages if messages else (),
        "messages_below": () if messages else statement.messages,
        "explanation_beside": statement.explanation if explanation else (),
        "explanation_below": () if explanation else statement.explanation,
        "history": _history(statement.history, brand),
        "postal": _drawn(mail_svg(statement.postal)) if statement.postal else "",
        "code": _drawn(code128_svg(code, module=0.8, height=30, label="Bar code of account and amount due"))
        if statement.cancelled_on is None
        else "",
        "code_text": code if statement.cancelled_on is None else "",
    }


def letterhead(brand: Brand) -> Face:
    """What the template prints of the utility, once for all bills of a document."""
    return {
        "brand": brand,
        "contact": tuple(filter(None, (brand.phone, brand.web))),
        "payable_to": brand.checks_payable_to or brand.utility_name,
        "window_at": brand.mailing_address_at,
    }


def pictures(brand: Brand) -> dict[str, bytes]:
    """The pictures that the bills of a document share."""
    found = {"logo": brand.logo} if brand.logo else {}
    return found | ({"qr": qr_png(brand.pay_link)} if brand.pay_link else {})


def colour_sheet(brand: Brand) -> str:
    """The few rules that carry the utility's colour."""
    ink, tint, soft = (
        readable(brand.colour),
        mix(brand.colour, "#ffffff", 0.09),
        mix(brand.colour, "#ffffff", 0.35),
    )
    return (
        f".ink{{color:{ink}}} .tint{{background:{tint}}} .edge{{border-color:{ink}}} "
        f".soft-edge{{border-color:{soft}}} .block{{background:{ink};color:#fff}}"
    )


def places_sheet(bills: int) -> str:
    """The rules for the first page of each bill of a document."""
    rules = paper.stylesheet("statement-bill.css")
    return "".join(rules.replace("PLACE", str(place)) for place in range(bills))


def anchor(place: int) -> str:
    """The name under which a bill's first page is found in its document."""
    return f"bill-{place}"


def side_end(place: int) -> str:
    """The name under which the end of a bill's side column is found."""
    return f"side-{place}"


def _beside(statement: Statement) -> tuple[bool, bool]:
    """Whether the messages, and whether the explanation, fit in the column beside the charges."""
    messages = sum(-(-len(m) // _LINE_BESIDE) for m in statement.messages)
    explanation = 1 + sum(-(-len(e) // _LINE_BESIDE) for e in statement.explanation)
    fits = messages <= _LINES_BESIDE
    return fits, explanation <= _LINES_BESIDE - (messages if fits else 0)


def _facts(statement: Statement) -> list[tuple[str, str]]:
    return [
        ("Account number", statement.account_number),
        ("Customer number", statement.customer_number),
        ("Bill number", statement.bill_number),
        ("Billing date", day(statement.billed_on)),
        ("Due date", day(statement.due_on)),
        ("Service address", statement.service_address),
    ]


def _due(statement: Statement) -> Face:
    """The panel that says what to pay, and the same again for the stub."""
    late = statement.amount_after_due
    label = "Budget plan amount due" if statement.budget else "Amount due"
    due: Face = {
        "label": label,
        "stub_label": "Budget amount due" if statement.budget else label,
        "amount": dollars(statement.total_due),
        "by": f"Due {long_day(statement.due_on)}",
        "due_date": day(statement.due_on),
        "after": dollars(late) if late is not None else "",
        "note": "",
        "pays": True,
        "tear": "Detach here and return this part with your payment",
    }
    if statement.cancelled_on is not None:
        due |= {"label": "This bill was cancelled", "stub_label": "Cancelled", "amount": "Do not pay"}
        due |= {"by": f"Cancelled {long_day(statement.cancelled_on)}", "after": "", "pays": False}
        due |= {"enclose": "Do not pay. This bill was cancelled.", "tear": "Keep this part for your records"}
    elif statement.total_due <= ZERO:
        label = "Credit balance" if statement.total_due < ZERO else label
        due |= {"label": label, "stub_label": label, "by": "No payment is needed", "after": "", "pays": False}
        due |= {"enclose": "No payment is needed.", "tear": "Keep this part for your records"}
    elif statement.draft is not None:
        account = f" from {statement.draft.account}" if statement.draft.account else ""
        due |= {"label": f"{label}, by bank draft", "by": f"Will be drafted {long_day(statement.draft.on)}"}
        due |= {"note": f"Your bank pays this bill{account}. Do not pay.", "pays": False}
        due |= {"enclose": f"Do not pay. Will be drafted on {day(statement.draft.on)}."}
        due |= {"tear": "Keep this part for your records"}
    return due


def _summary(statement: Statement) -> list[tuple[str, str]]:
    """Account activity down to what was carried forward; rows that are nothing are left out."""
    rows = [("Previous balance", dollars(statement.previous_balance))]
    if statement.payments:
        on = f", {day(statement.last_payment_on)}" if statement.last_payment_on else ""
        rows.append((f"Payments received{on}. Thank you", _signed(-statement.payments)))
    else:
        rows.append(("Payments received", dollars(ZERO)))
    if statement.credits:
        rows.append(("Credits and adjustments", _signed(-statement.credits)))
    return [*rows, ("Balance carried forward", dollars(statement.carried_forward))]


def _signed(amount: Decimal) -> str:
    """A line among others: ``$12.50`` or ``-$12.50``; CR is kept for balances."""
    return f"-${-amount:,.2f}" if amount < 0 else f"${amount:,.2f}"


def _service(service: StatementService) -> Face:
    used = ""
    if service.usage is not None:
        used = f"{figure(service.usage)} {service.unit}"
        used += f" in {service.days} days" if service.days else ""
    # A line that comes to nothing says nothing, unless the whole service comes to nothing.
    charges = tuple(c for c in service.charges if c.amount) or service.charges
    if len(charges) == 1 and not service.readings:  # one row says it all
        only, charges = charges[0], ()
        used = ", ".join(filter(None, (used or service.note, only.text, only.detail)))
    return {
        "name": service.name,
        "used": used or service.note,
        "estimated": any(r.estimated for r in service.readings),
        "amount": _signed(service.amount),
        "readings": [_reading(r) for r in service.readings],
        "charges": [_line(c) for c in charges],
    }


def _reading(reading: MeterReading) -> Face:
    from_day = day(reading.previous_on)
    if reading.previous_on.year == reading.current_on.year:
        from_day = from_day.rpartition(",")[0]
    return {
        "meter": reading.meter_number,
        "previous_on": from_day,
        "previous": reading.previous,
        "current_on": day(reading.current_on),
        "current": reading.current,
        "days": str(reading.days),
        "usage": f"{figure(reading.usage)} {reading.unit}",
        "estimated": reading.estimated,
    }


def _line(line: StatementLine) -> Face:
    return {"text": line.text, "detail": line.detail, "amount": _signed(line.amount)}


def _closing(statement: Statement) -> list[Face]:
    """The rows after the current charges, down to the total due."""
    rows = [_line(line) for line in statement.set_aside]
    if statement.deposit:
        rows.append(_line(StatementLine("Your deposit, applied to this bill", -statement.deposit)))
    if statement.budget is None:
        name = "Credit balance" if statement.total_due < ZERO else "Total due"
        return [*rows, _total(name, statement.total_due)]
    plan = statement.budget
    rows.append({"text": "Balance of your account", "detail": "", "amount": dollars(statement.balance)})
    behind = "behind actual use by" if plan.variance > 0 else "ahead of actual use by"
    review = f", to be settled {day(plan.review_on)}" if plan.review_on else ""
    standing = f"{behind} ${abs(plan.variance):,.2f}{review}" if plan.variance else "even with actual use"
    rows.append({"text": "Budget plan", "detail": standing, "amount": dollars(plan.instalment)})
    return [*rows, _total("Total due, budget plan", statement.total_due)]


def _total(text: str, amount: Decimal) -> Face:
    return {"text": text, "detail": "", "amount": dollars(amount), "total": True}


def _history(history: UseHistory | None, brand: Brand) -> Face | None:
    if history is None or not history.months:
        return None
    title = f"{history.service} use"
    drawing = use_chart(
        history.months, title=title, unit=history.unit, size=_CHART_SIZE, palette=chart_palette(brand)
    )
    return {
        "title": title,
        "unit": history.unit,
        "chart": _drawn(drawing),
        "compared": _compared(history),
        "estimated": any(m.estimated for m in history.months),
    }


def chart_palette(brand: Brand) -> Palette:
    """Bars in a tint of the colour, the present month in the accent."""
    return Palette(bar=mix(brand.colour, "#ffffff", 0.38), current=readable(brand.accent or brand.colour))


def _compared(history: UseHistory) -> str:
    """This period beside the same month a year before, in words; empty when there is no such month."""
    now, then = history.months[-1].value, history.a_year_before
    if now is None or then is None:
        return ""
    before = f"the same month last year ({figure(then)} {history.unit})"
    if then == 0 or now == then:
        return f"The same as {before}." if now == then else ""
    share = abs(now - then) * 100 / then
    return f"{share:.0f}% {'more' if now > then else 'less'} than {before}."


def _drawn(svg: str) -> SafeString:
    """A drawing of our own making, its texts escaped where it was made."""
    return mark_safe(svg)  # noqa: S308 - made by core.barcodes and core.ui.charts, which escape
