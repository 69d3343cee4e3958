"""Lives of accounts: charged, paid, returned, adjusted, with deposits; months closed, old ones purged."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from hypothesis import strategies as st

from collections_app.models import Payment, PaymentReturn
from collections_app.returns import return_payment
from core.actors import Actor
from core.errors import Refused
from core.operations import operation
from core.policies import set_policy
from core.tenancy import scope
from ledger.adjustments import approve_adjustment, propose_adjustment
from ledger.chart import read_chart
from ledger.deposit_models import DepositLeft
from ledger.deposits import apply_deposit, take_deposit
from ledger.policies import HISTORY_KEPT_MONTHS
from ledger.purge_models import Purge
from ledger.purging import approve_purge, propose_purge, withdraw_purge
from tests.world.purges import balances, close_until, owed, pay, to_history
from tests.world.towns import Town

KINDS = (
    *("charge", "credit", "pay", "pay", "pay all", "pay all", "return", "deposit", "apply"),
    *("history", "close", "purge", "purge"),
)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(KINDS),
        st.integers(1, 3),
        st.integers(1, 20_000),
        st.integers(0, 25),
        st.integers(0, 3),
    ),
    min_size=6,
    max_size=16,
)
Step = tuple[str, int, int, int, int]
"""What happens, to which account, cents, days until then, months back."""


@operation("test.deposit", permission="payments.post")
def deposit(by: Actor, *, account_id: int, amount: Decimal, on: date, key_of: str) -> int:
    """A deposit taken by the bank."""
    into = read_chart().role("bank")
    return take_deposit(account_id, amount, on=on, into_account_id=into, key=f"deposit {key_of}")


@operation("test.apply", permission="payments.post")
def apply(by: Actor, *, deposit_id: int, on: date, key_of: str) -> None:
    """What is held of it laid on what is owed."""
    apply_deposit(deposit_id, on=on, key=f"deposit applied {key_of}")


class Life:
    """A town that lives on from mid-September; ``purged`` counts the journals that went."""

    def __init__(self, town: Town) -> None:
        self.town, self.day, self.purged, self.at = town, date(2026, 9, 15), 0, 0
        set_policy(town.admin, code=HISTORY_KEPT_MONTHS, value="0", starts=date(2026, 1, 1))

    def step(self, step: Step) -> None:
        """One step; what the product refuses does not happen."""
        kind, account, cents, days, months = step
        self.day += timedelta(days=days)
        self.at += 1
        try:
            getattr(self, kind.replace(" ", "_"))(f"10000{account}", Decimal(cents) / 100, months)
        except Refused:
            pass

    def charge(self, number: str, amount: Decimal, months: int) -> None:
        self._adjust(number, "debit", amount)

    def credit(self, number: str, amount: Decimal, months: int) -> None:
        self._adjust(number, "credit", amount)

    def _adjust(self, number: str, kind: str, amount: Decimal) -> None:
        made = propose_adjustment(
            self.town.clerk,
            account_id=self.town.account(number).id,
            kind=kind,
            amount=amount,
            revenue_code="OTHER",
            reason="Other",
            text="x",
            on=self.day,
        )
        if amount % 2 == 0:
            return  # it waits
        approve_adjustment(self.town.supervisor, adjustment_id=made, on=self.day)

    def pay(self, number: str, amount: Decimal, months: int) -> None:
        pay(self.town, number, amount, on=self.day)

    def pay_all(self, number: str, amount: Decimal, months: int) -> None:
        due = owed(self.town, number)
        if due > 0:
            pay(self.town, number, due, on=self.day)

    def return_(self, number: str, amount: Decimal, months: int) -> None:
        with transaction.atomic():
            back = PaymentReturn.objects.values("payment")
            payments = list(Payment.objects.exclude(id__in=back).order_by("id").values_list("id", flat=True))
        if payments:
            chosen = payments[int(amount * 100) % len(payments)]
            fee = Decimal("25.00") if months % 2 else None
            return_payment(
                self.town.supervisor, payment_id=chosen, reason="Account closed", on=self.day, fee=fee
            )

    def deposit(self, number: str, amount: Decimal, months: int) -> None:
        account = self.town.account(number).id
        deposit(self.town.clerk, account_id=account, amount=amount, on=self.day, key_of=str(self.at))

    def apply(self, number: str, amount: Decimal, months: int) -> None:
        with transaction.atomic():
            held = DepositLeft.objects.filter(open__gt=0).order_by("id").values_list("deposit", flat=True)
            first = held.first()
        if first:
            apply(self.town.clerk, deposit_id=first, on=self.day, key_of=str(self.at))

    def history(self, number: str, amount: Decimal, months: int) -> None:
        to_history(self.town, self.day)

    def close(self, number: str, amount: Decimal, months: int) -> None:
        close_until(self.town, self.day.replace(day=1))

    def purge(self, number: str, amount: Decimal, months: int) -> None:
        before = (self.day.replace(day=1) - timedelta(days=31 * months)).replace(day=1)
        was = balances(self.town)
        made = propose_purge(self.town.supervisor, before=before, today=self.day)
        with transaction.atomic():
            count = Purge.objects.get(id=made).seen["journals"]
        if not count:
            withdraw_purge(self.town.supervisor, purge_id=made)
            return
        approve_purge(self.town.admin, purge_id=made, today=self.day)
        self.purged += count
        assert balances(self.town) == was


def lived(town: Town, steps: list[Step]) -> int:
    """Live the steps; how many journals were purged."""
    with scope(town.utility.id):
        life = Life(town)
        for one in steps:
            life.step(("return_", *one[1:]) if one[0] == "return" else one)
        life.step(("close", 1, 1, 40, 0))
        life.step(("history", 1, 1, 0, 0))
        life.step(("purge", 1, 1, 0, 0))
        return life.purged
