"""An answer as text for a reader, and as a document for a program."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from textwrap import wrap
from typing import Any

from core.money import total
from core.quantities import UNITS
from rates.asking.working import Answer, BillRating
from rates.engine import ENGINE_VERSION, RatedCharge, Step
from rates.engine.wording import quantity, shown

WIDE = 78
_DAY = timedelta(days=1)


def as_text(answer: Answer) -> str:
    """The bill: each charge in cents, under it the arithmetic, unrounded; totals."""
    end = answer.period.end
    assert end is not None  # a bill's period has an end
    lines = [f"{_day(answer.period.start)} to {_day(end - _DAY)}, {answer.days} days"]
    for service in answer.services:
        lines += ["", *_service(service)]
    if len(answer.services) > 1:
        lines += ["", _row("Total of the bill", answer.total)]
    return "\n".join(lines) + "\n"


def _service(service: BillRating) -> Iterator[str]:
    tariff = service.tariff
    yield f"{tariff.service_type.capitalize()}: {tariff.name}"
    figures = service.rating.figures
    for name, value in figures.items():
        words = quantity(value, tariff.unit, tariff.unit_label) if name == "use" else shown(value)
        label = "billed use" if name == "use" else name.replace("_", " ")
        yield f"  {label}: {words}{_metered(service, name)}"
    for charge in service.rating.charges:
        yield _row(f"  {charge.text}", charge.amount)
        yield from _steps(charge)
    yield _row("  Total", service.rating.total)


def _metered(service: BillRating, name: str) -> str:
    """The use as metered, where it was counted in another unit."""
    use = service.use
    if name != "use" or use is None or use.unit == service.tariff.unit:
        return ""
    label = UNITS[use.unit].label if use.unit in UNITS else use.unit
    return f" ({quantity(use.use, use.unit, label)} metered)"


def _steps(charge: RatedCharge) -> Iterator[str]:
    for step in charge.steps:
        indent = " " * (8 if step.under else 6)
        yield from wrap(step.text, WIDE, initial_indent=indent, subsequent_indent=indent + "  ")


def _row(text: str, amount: Decimal) -> str:
    figures = f"{amount:,.2f}"
    indent = text[: len(text) - len(text.lstrip())]
    lines = wrap(text.strip(), WIDE - 16, initial_indent=indent, subsequent_indent=indent) or [""]
    lines[-1] = lines[-1].ljust(WIDE - len(figures)) + figures
    return "\n".join(lines)


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def as_document(answer: Answer) -> dict[str, Any]:
    """The same for a program; every number is text, as exact as it was worked."""
    end = answer.period.end
    return {
        "engine": ENGINE_VERSION,
        "from": answer.period.start.isoformat(),
        "to": None if end is None else end.isoformat(),
        "days": answer.days,
        "services": [_service_document(s) for s in answer.services],
        "total": _cents(answer.total),
    }


def _service_document(service: BillRating) -> dict[str, Any]:
    rating = service.rating
    return {
        "service_type": service.tariff.service_type,
        "name": service.tariff.name,
        "unit": service.tariff.unit,
        "parts": [
            {
                "from": period.start.isoformat(),
                "to": None if period.end is None else period.end.isoformat(),
                "table": tariff.name,
            }
            for period, tariff in service.parts
        ],
        "figures": {name: _plain(value) for name, value in rating.figures.items()},
        "charges": [_charge(c) for c in rating.charges],
        "worked": {
            name: {"exact": _plain(exact), "billed": _plain(billed)}
            for name, (exact, billed) in rating.worked.items()
        },
        "total": _cents(total(c.amount for c in rating.charges)),
    }


def _charge(charge: RatedCharge) -> dict[str, Any]:
    return {
        "id": charge.component,
        "kind": charge.kind,
        "text": charge.text,
        "revenue_code": charge.revenue_code,
        "quantity": _plain(charge.quantity),
        "unit": charge.unit,
        "price": _plain(charge.price),
        "exact": _plain(charge.exact),
        "amount": _cents(charge.amount),
        "taxable": charge.taxable,
        "tax_code": charge.tax_code,
        "steps": [_step(s) for s in charge.steps],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "text": step.text,
        "quantity": _plain(step.quantity),
        "unit": step.unit,
        "price": _plain(step.price),
        "amount": _plain(step.amount),
        "under": step.under,
    }


def _plain(value: Decimal | None) -> str | None:
    """Digits without an exponent."""
    return None if value is None else f"{value:f}"


def _cents(value: Decimal) -> str:
    return f"{value:.2f}"
