"""What a bill says, as facts ready to be printed.  Pure.

Amounts are dollars with two places; a charge is positive, a credit line negative.  ``payments`` and
``credits`` of a statement are what came in, as positive amounts.  Nothing here looks anything up.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from core.barcodes import IntelligentMail, Postnet
from core.money import ZERO, show_amount, total
from core.ui.charts import Month


class StatementDoesNotAdd(ValueError):
    """The total of a bill is not the sum of its parts: it must not reach a customer."""


@dataclass(frozen=True, slots=True)
class WayToPay:
    """One way to pay, such as “Online” and “Pay at www.example.gov/pay, day or night.”"""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Brand:
    """How a utility presents itself on paper.

    ``colour`` is ``#rrggbb``; text in it is darkened until it can be read.  ``accent`` marks the present
    month in charts, the colour itself when there is none.  ``logo`` is the bytes of a PNG,
    JPEG or SVG.  ``mailing_address_at`` says which third of the sheet shows in the envelope's window; with
    ``bottom`` the remittance address goes to the right of the stub.  ``pay_link`` becomes a QR code.
    """

    utility_name: str
    address_lines: tuple[str, ...]
    phone: str
    remit_to: tuple[str, ...]
    web: str = ""
    hours: str = ""
    logo: bytes | None = None
    colour: str = "#1f5673"
    accent: str = ""
    ways_to_pay: tuple[WayToPay, ...] = ()
    pay_link: str = ""
    checks_payable_to: str = ""
    mailing_address_at: Literal["top", "bottom"] = "top"


@dataclass(frozen=True, slots=True)
class StatementLine:
    """A line with an amount; ``detail`` is the arithmetic in a few words, “2.8 thousand × $5.15”."""

    text: str
    amount: Decimal
    detail: str = ""


@dataclass(frozen=True, slots=True)
class MeterReading:
    """Two reads of one register and the days between them; an exchange has one entry per meter.

    Readings are texts, because a dial shows leading zeros.
    """

    meter_number: str
    previous_on: date
    previous: str
    current_on: date
    current: str
    usage: Decimal
    unit: str
    days: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class StatementService:
    """A service on the bill.  ``usage`` is what was billed, in ``unit``; ``None`` for a flat service."""

    name: str
    charges: tuple[StatementLine, ...]
    readings: tuple[MeterReading, ...] = ()
    usage: Decimal | None = None
    unit: str = ""
    days: int | None = None
    note: str = ""

    @property
    def amount(self) -> Decimal:
        """The sum of the service's charges."""
        return total(c.amount for c in self.charges)


@dataclass(frozen=True, slots=True)
class BudgetPlan:
    """A budget (equal payment) plan: the instalment asked for instead of the balance, and its standing.

    ``variance`` is actual charges less instalments so far: positive when the plan is behind.
    """

    instalment: Decimal
    variance: Decimal
    review_on: date | None = None


@dataclass(frozen=True, slots=True)
class BankDraft:
    """The bank will pay: on which day, from which account (“First Bank, ending 4471”)."""

    on: date
    account: str = ""


@dataclass(frozen=True, slots=True)
class UseHistory:
    """Thirteen months of the metered service worth showing, oldest first, this period last."""

    service: str
    unit: str
    months: tuple[Month, ...]

    @property
    def a_year_before(self) -> Decimal | None:
        """Use of the same month a year earlier: this month's own ``before``, else the first of thirteen."""
        if not self.months:
            return None
        if self.months[-1].before is not None:
            return self.months[-1].before
        return self.months[0].value if len(self.months) == 13 else None


@dataclass(frozen=True, slots=True)
class Statement:
    """All that a bill carries.

    ``deposit`` is what was laid on a final bill of the deposits held, as a positive amount.
    ``set_aside`` lists what is owed but not due now (a dispute, a payment arrangement), as negative amounts.
    Without a budget plan ``total_due`` must equal balance plus set-aside; ``StatementDoesNotAdd`` otherwise.
    ``explanation`` is how the bill was computed, a plain sentence each.  ``marked`` is printed on top where a
    bill is no ordinary one: “Final bill”, “Corrected bill”, “Duplicate”.  With ``cancelled_on`` it
    asks for no payment and carries no bar code.
    """

    bill_number: str
    account_number: str
    customer_number: str
    customer_name: str
    mailing_lines: tuple[str, ...]
    service_address: str
    billed_on: date
    due_on: date
    services: tuple[StatementService, ...]
    total_due: Decimal
    previous_balance: Decimal = ZERO
    payments: Decimal = ZERO
    last_payment_on: date | None = None
    credits: Decimal = ZERO
    deposit: Decimal = ZERO
    other_charges: tuple[StatementLine, ...] = ()
    set_aside: tuple[StatementLine, ...] = ()
    amount_after_due: Decimal | None = None
    budget: BudgetPlan | None = None
    draft: BankDraft | None = None
    cash_only: bool = False
    messages: tuple[str, ...] = ()
    history: UseHistory | None = None
    explanation: tuple[str, ...] = ()
    marked: str = ""
    cancelled_on: date | None = None
    postal: IntelligentMail | Postnet | None = None

    def __post_init__(self) -> None:
        if self.budget is None and self.total_due != self.balance + total(s.amount for s in self.set_aside):
            raise StatementDoesNotAdd(
                f"Bill {self.bill_number} of account {self.account_number} asks for "
                f"{show_amount(self.total_due)}, but its parts come to {show_amount(self.balance)}"
                f"{' less what is set aside' if self.set_aside else ''}. Prepare the bill again."
            )

    @property
    def current_charges(self) -> Decimal:
        """Charges of this bill: services and others."""
        return total(s.amount for s in self.services) + total(c.amount for c in self.other_charges)

    @property
    def carried_forward(self) -> Decimal:
        """What was left of the previous balance after payments and credits."""
        return self.previous_balance - self.payments - self.credits

    @property
    def balance(self) -> Decimal:
        """All that is owed after this bill, due or not; negative when the customer is in credit."""
        return self.carried_forward + self.current_charges - self.deposit
