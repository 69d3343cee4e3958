"""What is asked of customers and accounts."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, JSONObject

from core.models import AuditEntry, Change, Code
from customers.models import Account, AlternateAddress, Customer, Note, Service, Standing
from meters.models import Installation

FLAGS = (
    ("cash_only", "Cash only", "No cheque is taken at the counter."),
    ("no_bill", "No bill", "Runs leave the account out, with this as the reason."),
    ("on_hold", "Account hold", "Runs hold its bill until somebody lets it through."),
    ("late_fee_exempt", "No late fees", "Late fees are not charged."),
    ("bad_debt", "Bad debt", "Owed what was written off; look before anything is promised."),
    ("equal_payment", "Equal payment", "Pays the same every month on a budget plan."),
    ("no_cutoff", "No cut-off", "Never cut off: life support, a court’s order."),
)


@dataclass(slots=True)
class AccountShown:
    """An account as the slots of its page get it; ``known`` keeps what several slots of one page need."""

    account: Account
    today: date
    known: dict[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """The account number."""
        return str(self.account.number)

    @property
    def name(self) -> str:
        """Who answers for it."""
        return str(self.account.customer.name)

    @property
    def place(self) -> str:
        """The service address with its town."""
        at = self.account.location
        return f"{at.address}, {at.city}"

    @property
    def state(self) -> str:
        """Active, pending (begins later), closed or, when somebody did not come, withdrawn on the day."""
        if self.account.pending:
            return "withdrawn" if self.account.ends else "pending"
        if self.account.ends is not None and self.account.ends <= self.today:
            return "closed"
        return "pending" if self.account.starts > self.today else "active"


def never_cut_off(account: Account, day: date) -> bool:
    """Whether the account may not be cut off on that day, whatever it owes."""
    until = account.no_cutoff_until
    return account.no_cutoff and (until is None or day < until)


def alternate_address(account: Account) -> AlternateAddress | None:
    """The other address of an account, if one is kept."""
    return AlternateAddress.objects.filter(account=account).first()


def phone_words(phone: str) -> str:
    """A telephone number of ten digits as ``(555) 010-0100``, any other as it was typed."""
    return f"({phone[:3]}) {phone[3:6]}-{phone[6:]}" if len(phone) == 10 and phone.isdigit() else phone


def accounts() -> QuerySet[Account]:
    """Accounts with customer, location and route."""
    return Account.objects.select_related("customer", "location__route")


def account_called(number: str) -> Account:
    """The account of that number, with ``shut_off_on``, the day since which a meter there is off.

    ``category_words`` is what its category means, where the utility has said so; ``notes`` how many it has,
    ``noted_at`` the moment of the newest, ``pinned`` text and moment (ISO) of each that is an alert;
    ``kept`` its counters, for ``customers.standing.counted``.
    Raises ``Account.DoesNotExist``.
    """
    return _in_full().get(number=number)


@cache
def _in_full() -> QuerySet[Account]:
    """What an account's page begins with: put together once, since that costs more than asking it."""
    there = Installation.objects.filter(
        service_point__location=OuterRef("location"), ends=None, meter__cut_off__isnull=False
    ).filter(Q(meter__cut_on=None) | Q(meter__cut_on__lt=F("meter__cut_off")))
    off = there.order_by("-meter__cut_off").values("meter__cut_off")[:1]
    said = Code.objects.filter(kind="category", code=OuterRef("category")).values("name")[:1]
    noted = Note.objects.filter(account=OuterRef("pk")).order_by("-id")
    counted = noted.order_by().values("account").annotate(n=Count("id")).values("n")
    return accounts().annotate(
        shut_off_on=Subquery(off),
        category_words=Subquery(said),
        notes=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        noted_at=Subquery(noted.values("made_at")[:1]),
        pinned=ArraySubquery(noted.filter(pinned=True).values(told=JSONObject(text="text", at="made_at"))),
        kept=ArraySubquery(
            Standing.objects.filter(account=OuterRef("pk")).values(
                told=JSONObject(
                    id="id", kind="kind", count="count", last_on="last_on", cleared_on="cleared_on"
                )
            )
        ),
    )


def having_words(rows: QuerySet[Account], typed: str) -> QuerySet[Account]:
    """The accounts where each word typed occurs in number, name or service address."""
    for word in typed.split():
        rows = rows.filter(
            Q(number__istartswith=word)
            | Q(customer__name__icontains=word)
            | Q(location__street_number__istartswith=word)
            | Q(location__street_name__icontains=word)
            | Q(location__unit_label__icontains=word)
        )
    return rows


def open_on(rows: QuerySet[Account], day: date) -> QuerySet[Account]:
    """The accounts that are not closed on that day."""
    return rows.filter(Q(ends=None) | Q(ends__gt=day))


def customers() -> QuerySet[Customer]:
    """Customers with ``accounts``, how many they have."""
    mine = Account.objects.filter(customer=OuterRef("pk")).order_by().values("customer")
    counted = mine.annotate(n=Count("id")).values("n")
    return Customer.objects.annotate(accounts=Coalesce(Subquery(counted, output_field=IntegerField()), 0))


def find_customers(typed: str, limit: int = 12) -> list[Customer]:
    """Customers by number, or by every word of the name."""
    text = typed.strip()
    if not text:
        return []
    if text.isdigit():
        return list(Customer.objects.filter(id=int(text[:18])))
    rows = Customer.objects.all()
    for word in text.split():
        rows = rows.filter(name__icontains=word)
    return list(rows.order_by("name", "id")[:limit])


def services_of(account: Account) -> list[Service]:
    """The account's services with their rates and points, those at work first."""
    rows = Service.objects.filter(account=account).select_related("rate", "service_point")
    return sorted(rows, key=lambda s: (s.ends is not None, s.id))


def others_at(account: Account) -> list[Account]:
    """The other accounts that are or were at the account's location, the latest first."""
    rows = Account.objects.filter(location=account.location_id).exclude(id=account.id)
    return list(rows.select_related("customer").order_by("-starts")[:20])


def others_of(account: Account) -> list[Account]:
    """The customer's other accounts."""
    rows = Account.objects.filter(customer=account.customer_id).exclude(id=account.id)
    return list(rows.select_related("location").order_by("-starts")[:20])


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A field of a row that was changed, before and after in words, and who did it in which operation."""

    at: datetime
    thing: str
    field: str
    before: str
    after: str
    who: str
    operation: str


_HOUSEKEEPING = {
    "id", "tenant_id", "uuid", "ssn", "ssn_index", "licence", "licence_index", "billed_to", "account_id",
}  # fmt: skip


def changes_of(account: Account, limit: int = 100) -> list[ChangeShown]:
    """What was changed on the account, its customer, location and services, newest first; three queries."""
    services = Service.objects.filter(account=account).values("id")
    elsewhere = AlternateAddress.objects.filter(account=account).values("id")
    counters = Standing.objects.filter(account=account).values("id")
    rows = list(
        Change.objects.filter(
            Q(table="customers_account", row_id=account.id)
            | Q(table="customers_customer", row_id=account.customer_id)
            | Q(table="meters_location", row_id=account.location_id)
            | Q(table="customers_service", row_id__in=services)
            | Q(table="customers_alternateaddress", row_id__in=elsewhere)
            | Q(table="customers_standing", row_id__in=counters)
            | Q(table="customers_guarantor", row_id=account.customer.guarantor_id)
        ).order_by("-id")[:limit]
    )
    audit = entries_of([row.operation_id for row in rows if row.operation_id])
    shown: list[ChangeShown] = []
    for row in rows:
        entry = audit.get(row.operation_id) if row.operation_id else None
        who, what = (entry.actor_name, entry.operation) if entry else ("", "")
        shown += [
            ChangeShown(row.at, _thing(row), name, before, after, who, what)
            for name, before, after in _differences(row)
        ]
    return shown


def entries_of(operation_ids: Sequence[UUID]) -> dict[UUID, AuditEntry]:
    """The first audit entry of each of these operations, one query."""
    found: dict[UUID, AuditEntry] = {}
    for entry in AuditEntry.objects.filter(operation_id__in=list(operation_ids)).order_by("-number"):
        found[entry.operation_id] = entry
    return found


def _thing(row: Change) -> str:
    if row.table == "customers_standing":
        return str(Standing.Kind(row.before["kind"]).label)
    return {
        "customers_account": "Account",
        "customers_customer": "Customer",
        "meters_location": "Location",
        "customers_alternateaddress": "Alternate address",
        "customers_guarantor": "Guarantor",
    }.get(row.table, "Service")


def _differences(row: Change) -> list[tuple[str, str, str]]:
    """Field, before, after of what differs; a removed row is one line."""
    if row.after is None:
        return [("row", "there", "removed")]
    names = [n for n in row.after if n not in _HOUSEKEEPING and row.before.get(n) != row.after.get(n)]
    return [
        (n.removesuffix("_id").replace("_", " "), _words(row.before.get(n)), _words(row.after[n]))
        for n in names
    ]


def _words(value: Any) -> str:
    if value is None or value == "":
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
