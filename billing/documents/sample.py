"""A bill of nobody, to show what a utility's bills look like."""

from datetime import date
from decimal import Decimal

from billing.documents.press import print_statements
from billing.documents.statement import (
    Brand,
    MeterReading,
    Statement,
    StatementLine,
    StatementService,
    UseHistory,
)
from billing.documents.wording import chart_palette
from core.ui.charts import Month, use_chart

_USE = ("5.9", "5.2", "4.6", "4.4", "4.1", "4.9", "5.6", "7.8", "9.3", "8.7", "6.1", "5.0", "4.8")
_MONTHS = ("Nov", "Dec", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov")
MONTHS = tuple(
    Month(m, Decimal(u), current=n == 12) for n, (m, u) in enumerate(zip(_MONTHS, _USE, strict=True))
)


def _line(text: str, amount: str, detail: str = "") -> StatementLine:
    return StatementLine(text, Decimal(amount), detail)


def _read(meter: str, was: str, now: str, use: str, unit: str) -> MeterReading:
    return MeterReading(meter, date(2026, 10, 8), was, date(2026, 11, 7), now, Decimal(use), unit, 30)


SAMPLE = Statement(
    bill_number="0",
    account_number="100001",
    customer_number="1",
    customer_name="Maria T. Delacroix",
    mailing_lines=("412 Sycamore Avenue", "Your City ST 00000"),
    service_address="412 Sycamore Avenue",
    billed_on=date(2026, 11, 22),
    due_on=date(2026, 12, 15),
    services=(
        StatementService(
            "Water",
            (_line("Basic charge", "18.50"), _line("Use", "20.62", "4.8 thousand gallons")),
            (_read("60412877", "1204300", "1209100", "4800", "gallons"),),
            Decimal(4800),
            "gallons",
            30,
        ),
        StatementService(
            "Sewer", (_line("Basic charge", "14.00"), _line("Treatment", "20.40", "4.8 × $4.25"))
        ),
        StatementService(
            "Electric",
            (_line("Customer charge", "12.00"), _line("Energy", "67.32", "612 × $0.11")),
            (_read("E-339120", "04471", "05083", "612", "kWh"),),
            Decimal(612),
            "kWh",
            30,
        ),
        StatementService("Refuse", (_line("Weekly collection", "17.25"),), note="One cart"),
    ),
    previous_balance=Decimal("171.83"),
    payments=Decimal("171.83"),
    total_due=Decimal("170.09"),
    amount_after_due=Decimal("178.59"),
    messages=("This is a sample. It is nobody’s bill.",),
    history=UseHistory("Water", "thousand gallons", MONTHS),
    marked="Sample",
)


def sample_pdf(brand: Brand) -> bytes:
    """The sample as bills of this utility are printed."""
    return print_statements([SAMPLE], brand).pdf


def sample_chart(brand: Brand, size: tuple[float, float]) -> str:
    """Its usage chart alone, as SVG."""
    return use_chart(
        MONTHS, title="Water use", unit="thousand gallons", size=size, palette=chart_palette(brand)
    )
