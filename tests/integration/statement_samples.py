"""Bills to print in tests: an ordinary one, and the kinds that strain a form."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from billing.documents.statement import (
    BankDraft,
    Brand,
    BudgetPlan,
    MeterReading,
    Statement,
    StatementLine,
    StatementService,
    UseHistory,
    WayToPay,
)
from core.barcodes import IntelligentMail
from core.ui.charts import Month

LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
    b'<path fill="#1f6f78" d="M32 2a30 30 0 1 0 0 60 30 30 0 1 0 0-60z"/>'
    b'<path fill="#fff" d="M32 12c8 11 13 18 13 26a13 13 0 0 1-26 0c0-8 5-15 13-26z"/>'
    b'<path fill="#9fd0c9" d="M22 38a10 10 0 0 0 20 0c-7-4-13 4-20 0z"/></svg>'
)

BRAND = Brand(
    utility_name="Riverton Water & Light",
    address_lines=("118 Mill Street", "Riverton, IA 51650"),
    phone="(712) 555-0142",
    web="www.riverton.example/pay",
    hours="Monday to Friday, 8 am to 5 pm",
    remit_to=("Riverton Water & Light", "Payment Center", "PO Box 2210", "Riverton IA 51650-2210"),
    logo=LOGO,
    colour="#1f6f78",
    ways_to_pay=(
        WayToPay("Online", "www.riverton.example/pay, day or night, by card or bank account."),
        WayToPay("By phone", "(712) 555-0142, at any hour."),
        WayToPay("In person", "118 Mill Street; drop box at the north door."),
    ),
    pay_link="https://www.riverton.example/pay",
)


def money(text: str) -> Decimal:
    """Dollars from their text."""
    return Decimal(text)


def line(text: str, amount: str, detail: str = "") -> StatementLine:
    """A charge."""
    return StatementLine(text, money(amount), detail)


WATER = StatementService(
    name="Water",
    usage=Decimal("4800"),
    unit="gallons",
    days=30,
    readings=(
        MeterReading(
            "60412877",
            date(2026, 10, 8),
            "1204300",
            date(2026, 11, 7),
            "1209100",
            Decimal(4800),
            "gallons",
            30,
        ),
    ),
    charges=(
        line("Basic charge", "18.50", "5/8 inch meter"),
        line("First 2,000 gallons", "6.20", "2.0 × $3.10"),
        line("Next 2,800 gallons", "14.42", "2.8 × $5.15"),
        line("State water fee", "0.96", "4.8 × $0.20"),
    ),
)
SEWER = StatementService(
    name="Sewer",
    usage=Decimal("4800"),
    unit="gallons",
    days=30,
    charges=(line("Basic charge", "14.00"), line("Treatment", "20.40", "4.8 × $4.25")),
)
ELECTRIC = StatementService(
    name="Electric",
    usage=Decimal("612"),
    unit="kWh",
    days=30,
    readings=(
        MeterReading(
            "E-339120", date(2026, 10, 8), "04471", date(2026, 11, 7), "05083", Decimal(612), "kWh", 30
        ),
    ),
    charges=(
        line("Customer charge", "12.00"),
        line("Energy", "67.32", "612 × $0.11"),
        line("Power cost adjustment", "-2.45", "612 × -$0.004"),
        line("Sales tax", "5.38", "7% of $76.87"),
    ),
)
GARBAGE = StatementService(
    name="Garbage", note="One 96-gallon cart", charges=(line("Weekly collection", "17.25"),)
)
STORM = StatementService(
    name="Storm water", note="1 equivalent unit", charges=(line("Storm water fee", "4.50"),)
)

_USE = ("5.9", "5.2", "4.6", "4.4", "4.1", "4.9", "5.6", "7.8", "9.3", "8.7", "6.1", "5.0", "4.8")
_MONTHS = ("N", "D", "J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N")
HISTORY = UseHistory(
    "Water",
    "thousand gallons",
    tuple(
        Month(m, Decimal(u), current=i == 12, estimated=i == 3)
        for i, (m, u) in enumerate(zip(_MONTHS, _USE, strict=True))
    ),
)

ORDINARY = Statement(
    bill_number="2026-004417",
    account_number="10-04821-00",
    customer_number="C-20931",
    customer_name="Maria T. Delacroix",
    mailing_lines=("412 Sycamore Avenue", "Riverton IA 51650-1187"),
    service_address="412 Sycamore Avenue",
    billed_on=date(2026, 11, 22),
    due_on=date(2026, 12, 15),
    services=(WATER, SEWER, ELECTRIC, GARBAGE),
    other_charges=(line("Returned payment fee", "25.00", "check of Oct 30"),),
    previous_balance=money("171.83"),
    payments=money("171.83"),
    last_payment_on=date(2026, 11, 3),
    total_due=money("198.98"),
    amount_after_due=money("208.93"),
    messages=("The office is closed on November 26 and 27 for Thanksgiving. The drop box stays open.",),
    history=HISTORY,
    explanation=(
        "Water: 1209100 less 1204300 is 4,800 gallons. "
        "The first 2,000 cost $3.10 and the rest $5.15 per thousand.",
        "Sewer is charged on the water you used, at $4.25 per thousand gallons.",
    ),
    postal=IntelligentMail(mailer_id="901234567", serial="004417", routing="51650118712"),
)


def numbered(count: int) -> list[Statement]:
    """So many ordinary bills, each of its own account and bill number."""
    return [
        replace(ORDINARY, bill_number=f"2026-{i:06d}", account_number=f"10-{i:05d}-00")
        for i in range(1, count + 1)
    ]


FINAL = replace(ORDINARY, marked="Final bill", explanation=())
CASH = replace(ORDINARY, cash_only=True)
DRAFT = replace(
    ORDINARY, draft=BankDraft(date(2026, 12, 15), "First Bank, ending 4471"), amount_after_due=None
)
BUDGET = replace(
    ORDINARY, budget=BudgetPlan(money("165.00"), money("38.48"), date(2027, 4, 15)), total_due=money("165.00")
)
CREDIT = replace(
    ORDINARY,
    previous_balance=money("-240.00"),
    payments=money("0.00"),
    total_due=money("-41.02"),
    amount_after_due=None,
)
ESTIMATED = replace(
    ORDINARY,
    services=(
        replace(WATER, readings=(replace(WATER.readings[0], estimated=True),)),
        SEWER,
        ELECTRIC,
        GARBAGE,
    ),
)
LONG = replace(
    ORDINARY,
    customer_name="Bartholomew Featherstonehaugh-Witherspoon Jr.",
    mailing_lines=(
        "c/o Consolidated Property Management of Southwest IA",
        "20417 North Old Lincoln Memorial Highway Suite 1204B",
        "Council Bluffs IA 51503-9981",
    ),
    service_address="20417 N Old Lincoln Memorial Highway Unit 1204B, Rear",
    account_number="10-04821-00",
    services=(WATER, SEWER, ELECTRIC, GARBAGE, STORM),
    total_due=money("203.48"),
    amount_after_due=money("213.65"),
    messages=(
        "The office is closed on November 26 and 27 for Thanksgiving. The drop box at the door stays open.",
        "Hydrants are flushed in the week of December 7; run cold water for some minutes if yours is cloudy.",
        "Your neighbours may be in need: add one dollar a month to the Helping Hands fund online.",
    ),
    explanation=(
        *ORDINARY.explanation,
        *(f"Step {i}: the use is held against the table in force." for i in range(1, 19)),
    ),
)
ALL = (ORDINARY, CASH, DRAFT, BUDGET, CREDIT, ESTIMATED, LONG, FINAL)
