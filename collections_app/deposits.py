"""Deposits taken at the counter or sent by a partner: a receipt like any other, held instead of applied."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from collections_app.drawers import hold_open
from collections_app.models import DepositTaken, Receipt
from collections_app.operations import (
    COUNTER,
    Tendered,
    ToAccount,
    check_cash_only,
    check_money,
    keep_tenders,
    refuse_repeated,
    session_for,
    write_receipt,
)
from core.actors import Actor
from core.errors import NotFound, Refused
from core.operations import emit, operation, under_way
from core.policies import value_on
from customers.models import Account, MoveIn, Service
from ledger.chart import read_chart
from ledger.deposit_models import Deposit, DepositLeft, DepositService
from ledger.deposits import take_deposit
from ledger.policies import USUAL_DEPOSIT
from meters.models import ServicePoint
from rates.models import RateTable

LONGEST_CODE = 40

SECURES = {
    "water": DepositService.WATER,
    "irrigation": DepositService.WATER,
    "sewer": DepositService.WATER,
    "electric": DepositService.ELECTRIC,
    "gas": DepositService.GAS,
    "refuse": DepositService.REFUSE,
}
"""Which deposit secures a service; any other service has the deposit for all services."""


@dataclass(frozen=True, slots=True)
class ToHold:
    """So much of it as a deposit for one service (a code of ``DepositService``)."""

    for_service: str
    amount: Decimal


@operation("payments.deposit", permission="payments.post")
def take_deposits(
    by: Actor,
    *,
    account_id: int,
    deposits: Sequence[ToHold],
    tenders: Sequence[Tendered],
    on: date,
    landlord_id: int | None = None,
    code: str = "",
    session_id: int | None = None,
    source: str = COUNTER,
    reference: str = "",
    cash_only_reason: str = "",
) -> int:
    """Take deposits for an account, one for each service named; returns the receipt's id.

    Also for an account that is pending.  The customer gives them, or the landlord named.  Money, drawer,
    change and ``reference`` are as of ``post_payment``; ``code`` is the deposits' own reference code.
    Raises ``Refused`` at the field that is wrong.
    """
    _check(account_id, deposits, code)
    accounts = [ToAccount(account_id, one.amount) for one in deposits]
    wanted, tendered = check_money(tenders, accounts)
    refuse_repeated(source, reference)
    check_cash_only(tenders, accounts, by, cash_only_reason)
    session = session_for(session_id, source, by)
    key = f"{source}:{reference}" if reference else f"receipt:{under_way().id}"
    into = int(session.drawer.chart_account_id) if session else read_chart().role("bank")
    made = [
        take_deposit(
            account_id,
            one.amount,
            on=on,
            into_account_id=into,
            key=f"{key}:deposit {one.for_service}",
            reference=code.strip(),
            for_service=one.for_service,
            landlord_id=landlord_id,
        )
        for one in deposits
    ]
    if session:
        hold_open(session.id, by)
    receipt = write_receipt(by, tendered, wanted, session, on, source, reference)
    keep_tenders(receipt, tenders)
    _keep_parts(receipt, made)
    emit("payments.deposit_taken", receipt=receipt.id)
    return int(receipt.id)


def _keep_parts(receipt: Receipt, made: Sequence[int]) -> None:
    """What of the receipt each of these deposits is."""
    rows = Deposit.objects.filter(id__in=made).order_by("id")
    DepositTaken.objects.bulk_create(
        DepositTaken(
            receipt=receipt,
            account_id=one.account_id,
            deposit=one,
            journal_id=one.journal_id,
            amount=one.amount,
        )
        for one in rows
    )


def _check(account_id: int, deposits: Sequence[ToHold], code: str) -> None:
    if not Account.objects.filter(id=account_id).exists():
        raise NotFound("There is no such account.", "Find it by its number.", field="account_id")
    if not deposits:
        raise Refused("No deposit is named.", "Type an amount for a service.", field="deposits")
    services = [one.for_service for one in deposits]
    if len(set(services)) != len(services):
        raise Refused(
            "A service is named twice in one receipt.", "Give one amount for each service.", field="deposits"
        )
    if len(code.strip()) > LONGEST_CODE:
        raise Refused(
            f"The reference code has {len(code.strip())} characters.",
            f"Type {LONGEST_CODE} at most.",
            field="code",
        )


def usual_deposits(account: Account, on: date) -> dict[str, Decimal]:
    """What to ask of an account that day, by service: the policies' figures, less what is held for each.

    A service with a figure of its own counts only where the account has the service or will have it; the
    figure for all services counts where no other does.
    """
    figures = {str(code): figure for code in DepositService.values if (figure := _figure(str(code), on))}
    wanted = {str(SECURES.get(kind, DepositService.ALL)) for kind in _services(account)}
    asked = sorted(wanted & figures.keys() - {"all"})
    rows = DepositLeft.objects.filter(deposit__account=account, open__gt=0)
    held = set(rows.values_list("deposit__for_service", flat=True))
    if not asked and "all" in figures and not held:
        asked = ["all"]
    return {code: figures[code] for code in asked if code not in held}


def _figure(code: str, on: date) -> Decimal | None:
    """The policy's figure for a service; none while it is not set."""
    found = value_on(USUAL_DEPOSIT if code == "all" else f"{USUAL_DEPOSIT}_{code}", on)
    return None if found is None else Decimal(found)


def _services(account: Account) -> set[str]:
    """The kinds of the account's services; of one that waits, those wished, else those of the place."""
    kinds = set(Service.objects.filter(account=account).values_list("service_type", flat=True))
    if kinds:
        return kinds
    wished = MoveIn.objects.filter(account=account).values_list("services", flat=True).first() or []
    rates = [one["rate_id"] for one in wished if "rate_id" in one]
    if rates:
        return set(RateTable.objects.filter(id__in=rates).values_list("service_type", flat=True))
    points = ServicePoint.objects.filter(location=account.location_id)
    return set(points.values_list("service_type", flat=True))
