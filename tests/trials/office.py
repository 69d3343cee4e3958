"""An office at work: one act after the other, each done by the product and noted in the books."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from collections_app.drawers import open_drawer
from collections_app.expected import expected_of
from collections_app.models import Drawer, DrawerSession
from core.tenancy import scope
from customers.models import Account
from ledger.deposit_models import DepositLeft
from ledger.models import ChartAccount, Posting
from ledger.receivables import payoff
from tests.trials.books import CASH, NOTHING, Books, Till
from tests.world.towns import FIRST, Town

CASHIERS = ("clerk", "supervisor")


class Unlike(AssertionError):
    """The product says something else than the books."""


class Desk:
    """One town's office: its books, its calendar, and the product behind it.

    ``month`` is the next month to bill, counted from August 2026; ``read`` the last one whose readings came.
    """

    def __init__(self, town: Town) -> None:
        self.town = town
        self.month, self.read, self.count = 1, 0, 0
        self.books = Books(self.ends_of(0))
        self.closed_until = FIRST
        with scope(town.utility.id), transaction.atomic():
            till = ChartAccount.objects.get(role="drawer")
            Drawer.objects.create(code="second", name="Second window", chart_account=till)
            self.books.owed = payoff(self.accounts())

    def accounts(self) -> list[int]:
        """All accounts there are; inside a transaction."""
        return list(Account.objects.order_by("id").values_list("id", flat=True))

    def ends_of(self, month: int) -> date:
        """The first day after a month."""
        whole = FIRST.year * 12 + FIRST.month - 1 + month + 1
        return date(whole // 12, whole % 12 + 1, 1)

    def till_of(self, cashier: str) -> Till:
        """The cashier's open drawer, opened if need be."""
        if cashier not in self.books.tills:
            opening = Decimal("50.00") if cashier == "clerk" else NOTHING
            with transaction.atomic():
                busy = DrawerSession.objects.filter(closed_at=None).values("drawer")
                drawer = Drawer.objects.exclude(id__in=busy).order_by("id")[0].id
            session = open_drawer(
                getattr(self.town, cashier), drawer_id=drawer, opening=opening, on=self.books.today
            )
            self.books.tills[cashier] = Till(session, cashier, {CASH: opening})
        return self.books.tills[cashier]

    def next(self) -> int:
        """A number that was not used before."""
        self.count += 1
        return self.count

    def day_passes(self, days: int) -> None:
        """Time goes on, not beyond the end of the month that is billed next."""
        self.books.today = min(self.books.today + timedelta(days=days), self.ends_of(self.month))

    def compare(self) -> None:
        """Everybody's balance, the deposits and the drawers, as the product has them and as the books do."""
        books = self.books
        with scope(self.town.utility.id), transaction.atomic():
            self._same("balances", payoff(self.accounts()), books.owed)
            held = DepositLeft.objects.values_list("deposit__account").annotate(x=Sum("open"))
            wanted = {a: x for a, x in books.deposits.items() if x}
            self._same("deposits", {a: x for a, x in held if x}, wanted)
            for till in books.tills.values():
                expected = expected_of(DrawerSession.objects.get(id=till.session))
                there = {t.kind: t.expected for t in expected.tenders if t.expected}
                self._same(f"drawer of {till.cashier}", there, {k: x for k, x in till.holds.items() if x})
            self._same("drawers in the ledger", _balance("drawer"), books.in_tills)
            self._same("over and short", -_balance("over_short"), books.over_short)

    def _same(self, what: str, product: object, books: object) -> None:
        if product == books:
            return
        if isinstance(product, dict) and isinstance(books, dict):
            keys = {k for k in product.keys() | books.keys() if product.get(k) != books.get(k)}
            product, books = {k: product.get(k) for k in keys}, {k: books.get(k) for k in keys}
        raise Unlike(f"{self.town.plan.slug}: {what}: the product says {product}, the books {books}")


def _balance(role: str) -> Decimal:
    """Debits less credits of a chart account."""
    sums = Posting.objects.filter(chart_account__role=role).aggregate(d=Sum("debit"), c=Sum("credit"))
    return (sums["d"] or NOTHING) - (sums["c"] or NOTHING)
