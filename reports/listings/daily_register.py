"""Daily transaction register: what each operator took and took back, in entry or account order."""

from collections.abc import Iterator
from decimal import Decimal

from django.utils import timezone

from collections_app.models import Receipt, Tender
from collections_app.register import RegisterRow, register_rows
from core.money import ZERO
from reports.kit import Cells, Column, Recap, Report
from reports.listings.asking import DAY
from reports.parameters import Choices, Parameter, Parameters


def _operators() -> Choices:
    """Who ever took money, by name; partner systems too."""
    taken = Receipt.objects.order_by("operator_name").values_list("operator", "operator_name").distinct()
    return list(dict(taken).items())


_OTHER = (Tender.Kind.CARD, Tender.Kind.MONEY_ORDER, Tender.Kind.TRANSFER)


def _rows(parameters: Parameters) -> Iterator[Cells]:
    by_account = parameters.text("order") == "account"
    rows = register_rows(
        on=parameters.day("on"),
        operator=parameters.text("operator") or None,
        order="account" if by_account else "entry",
    )
    for row in sorted(rows, key=lambda r: (r.operator_name, r.operator)):
        yield _row(row)


def _row(row: RegisterRow) -> Cells:
    cash = row.tenders.get(Tender.Kind.CASH, ZERO) - row.change
    others = sum((row.tenders.get(kind, ZERO) for kind in _OTHER), ZERO)
    at = timezone.localtime(row.at)
    said = f"Void: {row.why}" if row.voided else f"{row.by} (voided)" if row.taken_back else row.by
    entry = {"void": "Void", "deposit": "Deposit"}.get(row.kind, "Receipt")
    return (
        f"{row.operator_name}",
        f"{at.hour % 12 or 12}:{at.minute:02d} {'am' if at.hour < 12 else 'pm'}",
        str(row.number),
        row.account,
        row.name,
        said,
        entry,
        _held(cash),
        _held(row.tenders.get(Tender.Kind.CHECK, ZERO)),
        _held(others),
        row.amount,
    )


def _held(amount: Decimal) -> Decimal | None:
    return amount or None


REPORT = Report(
    code="daily-register",
    title="Daily transaction register",
    group="Counter",
    permission="payments.view",
    about="What each operator took and took back on a day, with totals by tender, in entry or account order.",
    parameters=(
        DAY,
        Parameter("operator", "Operator", "choice", choices=_operators),
        Parameter(
            "order",
            "Order",
            "choice",
            required=True,
            default=lambda today: "entry",
            choices=(("entry", "As entered"), ("account", "By account")),
        ),
    ),
    columns=(
        Column("operator", "Operator", width=18, heading=True),
        Column("at", "Time", width=9),
        Column("receipt", "Receipt", width=9),
        Column("account", "Account", width=11),
        Column("name", "Name", width=24),
        Column("by", "Paid by", width=30),
        Column("kind", "Entry", width=8),
        Column("cash", "Cash", "amount", total=True, width=13, may_credit=True),
        Column("check", "Check", "amount", total=True, width=13, may_credit=True),
        Column("other", "Card and other", "amount", total=True, width=13, may_credit=True),
        Column("amount", "Applied", "amount", total=True, width=13, may_credit=True),
    ),
    rows=_rows,
    subtotals=("operator",),
    recaps=(Recap("Receipts, deposits and voids", ("kind",)),),
    notes=(
        "Cash is less the change given. A receipt for several accounts shows its tenders at the first one.",
        "A void stands as an entry of its own on the day it was made; the receipt keeps its number.",
    ),
)
