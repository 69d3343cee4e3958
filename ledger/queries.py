"""What is asked of the ledger: balances, open items, what happened on an account, journals."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import DecimalField, F, Min, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce

from core.money import ZERO
from customers.models import Account
from customers.queries import accounts
from ledger.models import (
    Application,
    Charge,
    ChartAccount,
    Credit,
    CreditLeft,
    Journal,
    OpenItem,
    Posting,
)

BALANCE_ROLES = ("receivable", "customer_credit")
"""The chart accounts whose lines of an account are its balance."""

WHY = {
    "deposit": "Deposit taken",
    "bill": "Bill",
    "payment": "Payment",
    "apply": "Credit applied",
    "void": "Payment taken back",
    "return": "Payment returned",
    "return fee": "Returned payment fee",
    "returned by the bank": "Moved from drawer to bank",
    "taken off": "Credit taken off again",
    "laid back": "Credit laid back",
    "adjustment": "Adjustment",
    "adjustment reversed": "Adjustment reversed",
    "credit applied": "Credit applied",
    "brought forward": "Brought forward",
    "refund taken back": "Refund of deposit taken back",
    "write-off": "Written off",
    "recovery": "Recovered of a write-off",
    "recovery taken back": "Recovery taken back",
    "write-off taken back": "Write-off taken back",
}

_MIRRORS = frozenset({"void", "return", "deposit taken back", "deposit held again", "refund taken back"})
"""What says by itself that it takes something back."""


FORWARD = "Settled transactions of the month, purged into an archive"
"""What is told of a journal that a purge brought forward."""


@dataclass(frozen=True, slots=True)
class Owed:
    """An open item on a day: what, how much is open, and whether it is due or past due."""

    charge_id: int
    text: str
    on: date
    due_on: date
    amount: Decimal
    open: Decimal
    state: str


@dataclass(frozen=True, slots=True)
class LastPayment:
    """The newest payment that was not taken back."""

    amount: Decimal
    on: date
    journal_id: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account owes on a day.

    ``payoff`` settles everything today (a credit is below zero); ``past_due`` is what of it lies beyond its
    due date, credit not counted; ``next_due`` is the earliest due day that has not passed.
    """

    owed: tuple[Owed, ...]
    credit: Decimal
    payoff: Decimal
    past_due: Decimal
    oldest_due: date | None
    next_due: date | None
    paid: LastPayment | None = None

    @property
    def current_open(self) -> Decimal:
        """What is open and not past its due date."""
        return sum((o.open for o in self.owed if o.state != "past_due"), ZERO)

    @property
    def credit_shown(self) -> Decimal:
        """The credit as screens show one: below zero."""
        return -self.credit


# Asked by every view of an account and at every payment: written out, each is planned and read in a
# fraction of the time that putting the same together from parts takes.
_OPEN = """
SELECT c.id, c.text, c."on", c.due_on, i.amount, i.open
FROM ledger_openitem i JOIN ledger_charge c ON c.tenant_id = i.tenant_id AND c.id = i.charge_id
WHERE i.account_id = %s AND i.open > 0
ORDER BY c.due_on, c.id
"""
_LEFT_AND_PAID = """
SELECT (SELECT coalesce(sum(l.open), 0.00) FROM ledger_creditleft l WHERE l.account_id = %s AND l.open > 0),
       p.amount, p."on", p.journal_id
FROM (SELECT) one LEFT JOIN LATERAL (
    SELECT k.amount, k."on", k.journal_id
    FROM ledger_credit k JOIN ledger_journal j ON j.tenant_id = k.tenant_id AND j.id = k.journal_id
    WHERE k.account_id = %s AND j.why = 'payment' AND NOT EXISTS (
        SELECT FROM ledger_journal m WHERE m.tenant_id = k.tenant_id AND m.reverses_id = k.journal_id)
    ORDER BY k."on" DESC, k.id DESC LIMIT 1
) p ON true
"""


def standing(account: Account, today: date) -> Standing:
    """What the account owes, oldest first, and the payment last taken; two queries."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [account.id])
        owed = tuple(as_owed(row, today) for row in cursor.fetchall())
        cursor.execute(_LEFT_AND_PAID, [account.id, account.id])
        left, *payment = cursor.fetchone()
    return summed_up(owed, left, today, None if payment[0] is None else LastPayment(*payment))


def summed_up(
    owed: tuple[Owed, ...], left: Decimal, today: date, paid: LastPayment | None = None
) -> Standing:
    """What is open, in order of its due days, and the credit left over, with their sums."""
    past = [o for o in owed if o.state == "past_due"]
    coming = [o.due_on for o in owed if o.state != "past_due"]
    return Standing(
        owed,
        left,
        sum((o.open for o in owed), ZERO) - left,
        sum((o.open for o in past), ZERO),
        past[0].due_on if past else None,
        min(coming) if coming else None,
        paid,
    )


def as_owed(row: tuple[int, str, date, date, Decimal, Decimal], today: date) -> Owed:
    """An open item from its charge's id, text, day and due day, its amount and what of it is open."""
    charge_id, text, on, due_on, amount, still_open = row
    state = "past_due" if due_on < today else "part_paid" if still_open < amount else "due"
    return Owed(charge_id, text, on, due_on, amount, still_open, state)


@dataclass(frozen=True, slots=True)
class Happened:
    """One journal as it moved an account: ``effect`` above zero raises what is owed, ``balance`` after it.

    ``place`` is told where it is asked for: ``open``, ``completed``, ``in_history``.
    """

    journal_id: int
    on: date
    what: str
    detail: str
    effect: Decimal
    balance: Decimal
    reversed: bool
    reverses: int | None
    place: str = ""
    adjustment: int | None = None
    reason: str = ""


_MOVED = f"""
SELECT j.id, j."on", j.why, j.reverses_id, m.effect, EXISTS (
    SELECT FROM ledger_journal r WHERE r.tenant_id = j.tenant_id AND r.reverses_id = j.id), d.id, d.reason
FROM (
    SELECT p.tenant_id, p.journal_id, sum(p.debit)::numeric - sum(p.credit)::numeric AS effect
    FROM ledger_posting p
    JOIN ledger_chartaccount c ON c.tenant_id = p.tenant_id AND c.id = p.chart_account_id
    WHERE p.account_id = %s AND c.role IN {BALANCE_ROLES}
    GROUP BY p.tenant_id, p.journal_id
) m
JOIN ledger_journal j ON j.tenant_id = m.tenant_id AND j.id = m.journal_id
LEFT JOIN ledger_adjustment d ON d.tenant_id = j.tenant_id AND d.journal_id = j.id
ORDER BY j."on", j.id
"""


def happened(account: Account) -> list[Happened]:
    """Everything that moved the account's balance, newest first; two queries.

    The effect is that of the journal's receivable and customer-credit lines, so the last balance is the
    payoff, and a credit laid on a charge moves nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, [account.id])
        moved = cursor.fetchall()
    texts = _texts([row[0] for row in moved], account)
    found, balance = [], ZERO
    for journal, on, why, reverses, effect, mirrored, adjustment, reason in moved:
        balance += effect
        told = FORWARD if why == "brought forward" else texts.get(journal, "")
        found.append(
            Happened(
                journal, on, why_words(why, reverses), told, effect, balance, mirrored, reverses,
                adjustment=adjustment, reason=reason or "",
            )
        )  # fmt: skip
    return found[::-1]


def why_words(why: str, reverses: int | None = None) -> str:
    """A journal's reason in words."""
    said = WHY.get(why, why.replace("_", " ").capitalize())
    return f"{said} (reversal)" if reverses and why not in _MIRRORS else said


def _texts(journals: Sequence[int], account: Account) -> dict[int, str]:
    """What the charges and credits of each journal are for, in one line."""
    parts: dict[int, list[str]] = defaultdict(list)
    mine = {"account": account, "journal__in": journals}
    fields = ("kind", "id", "journal_id", "text")
    charged = Charge.objects.filter(**mine).annotate(kind=Value(0)).values_list(*fields)
    credited = Credit.objects.filter(**mine).annotate(kind=Value(1)).values_list(*fields)
    for kind, _, journal, text in sorted(charged.union(credited, all=True)):
        if kind == 0 or not parts[journal]:  # a credit's own text only where nothing was charged
            parts[journal].append(text)
    return {
        journal: ", ".join(texts[:3]) + (f" and {len(texts) - 3} more" if len(texts) > 3 else "")
        for journal, texts in parts.items()
    }


def charge_of(charge_id: int) -> Charge:
    """A charge with its account, journal and service; raises ``Charge.DoesNotExist``."""
    return Charge.objects.select_related("account__customer", "account__location", "journal", "service").get(
        id=charge_id
    )


def paid_by(charge: Charge) -> list[Application]:
    """What was laid on a charge and taken off again, in order."""
    return list(Application.objects.filter(charge=charge).select_related("credit").order_by("id"))


def open_of(charge: Charge) -> Decimal:
    """What is still owed of a charge; a credit line owes nothing."""
    found = OpenItem.objects.filter(charge=charge).values_list("open", flat=True).first()
    return found if found is not None else ZERO


def _money(rows: QuerySet[Any], field: str) -> Coalesce:
    summed = rows.order_by().values("account").annotate(x=Sum(field)).values("x")
    kind: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=2)
    return Coalesce(Subquery(summed, output_field=kind), Value(ZERO), output_field=kind)


def accounts_with_balance() -> QuerySet[Account]:
    """Accounts with ``payoff`` (what settles each today, credit below zero) and ``due`` (oldest due day)."""
    items = OpenItem.objects.filter(account=OuterRef("pk"), open__gt=0)
    left = CreditLeft.objects.filter(account=OuterRef("pk"), open__gt=0)
    oldest = items.order_by().values("account").annotate(d=Min("charge__due_on")).values("d")
    return accounts().annotate(payoff=_money(items, "open") - _money(left, "open"), due=Subquery(oldest))


def owing_accounts(rows: QuerySet[Account]) -> QuerySet[Account]:
    """Those with something open."""
    return rows.filter(pk__in=OpenItem.objects.filter(open__gt=0).values("account"))


def past_due_accounts(rows: QuerySet[Account], today: date) -> QuerySet[Account]:
    """Those with something open beyond its due day."""
    late = OpenItem.objects.filter(open__gt=0, charge__due_on__lt=today)
    return rows.filter(pk__in=late.values("account"))


def accounts_in_credit(rows: QuerySet[Account]) -> QuerySet[Account]:
    """Those whose unapplied credit is more than what is open."""
    return rows.filter(pk__in=CreditLeft.objects.filter(open__gt=0).values("account"), payoff__lt=0)


AGES = ((0, "Not due"), (30, "1–30"), (60, "31–60"), (90, "61–90"), (None, "Over 90"))


def owed_by_age(today: date) -> list[tuple[str, Decimal, int]]:
    """What is open by days past due: (words, dollars, place in the row), the youngest first; one query."""
    edges: list[tuple[str, Q]] = []
    upper: date | None = None
    for days, words in AGES:
        lower = None if days is None else today - timedelta(days=days)
        wanted = Q(charge__due_on__lt=upper) if upper is not None else Q()
        edges.append((words, wanted & (Q(charge__due_on__gte=lower) if lower else Q())))
        upper = lower
    totals: dict[str, Any] = {f"x{n}": Sum("open", filter=q) for n, (_, q) in enumerate(edges)}
    found = OpenItem.objects.filter(open__gt=0).aggregate(**totals)
    return [(words, found[f"x{n}"] or ZERO, n) for n, (words, _) in enumerate(edges)]


def journals() -> QuerySet[Journal]:
    """Journals, newest first."""
    return Journal.objects.order_by("-id")


def journal_numbered(journal_id: int) -> Journal:
    """A journal with the one it reverses; raises ``Journal.DoesNotExist``."""
    return Journal.objects.select_related("reverses").get(id=journal_id)


def mirror_of(journal: Journal) -> Journal | None:
    """The journal that reversed this one."""
    return Journal.objects.filter(reverses=journal).first()


def lines_of(journal: Journal) -> list[Posting]:
    """The journal's lines in order, with chart and customer accounts."""
    return list(
        Posting.objects.filter(journal=journal)
        .select_related("chart_account", "account__customer")
        .order_by("n")
    )


def charges_of(journal: Journal) -> list[Charge]:
    """The charges posted with a journal."""
    return list(Charge.objects.filter(journal=journal).order_by("id"))


def chart_with_balances() -> QuerySet[ChartAccount]:
    """The chart with ``debits``, ``credits`` and ``balance`` (debits less credits) to date."""
    lines = Posting.objects.filter(chart_account=OuterRef("pk")).order_by().values("chart_account")
    kind: DecimalField[Any, Any] = DecimalField(max_digits=14, decimal_places=2)

    def summed(field: str) -> Coalesce:
        return Coalesce(
            Subquery(lines.annotate(x=Sum(field)).values("x"), output_field=kind),
            Value(ZERO),
            output_field=kind,
        )

    return ChartAccount.objects.annotate(debits=summed("debit"), credits=summed("credit")).annotate(
        balance=F("debits") - F("credits")
    )
