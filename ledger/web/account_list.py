"""The list of accounts with what each owes."""

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse

from core import clock
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.views import page
from customers.models import Account
from customers.web.filters import AccountFilter
from ledger.queries import accounts_in_credit, accounts_with_balance, owing_accounts, past_due_accounts

OWES = (("any", "Something"), ("past_due", "Something past due"), ("credit", "Nothing, in credit"))


class OwingFilter(AccountFilter):
    """The filters of accounts, and by what they owe."""

    owes = django_filters.ChoiceFilter(
        label="Owes", choices=OWES, empty_label="Anything or nothing", method="by_balance"
    )

    def by_balance(self, rows: QuerySet[Account], name: str, wanted: str) -> QuerySet[Account]:
        """What is open, past due on the utility's day, or in credit."""
        if wanted == "past_due":
            return past_due_accounts(rows, clock.today(self.request.utility.tz))
        return owing_accounts(rows) if wanted == "any" else accounts_in_credit(rows)


def _url(row: Account) -> str:
    return reverse("customers:account", args=[row.number])


def _rows(request: HttpRequest) -> QuerySet[Account]:
    return accounts_with_balance()


def _verbs(request: HttpRequest) -> list[Verb]:
    may = request.actor.may  # type: ignore[attr-defined]  # a UtilityRequest
    return (
        [Verb("Open an account", reverse("customers:open"), "plus", "n", main=True)]
        if may("customers.edit")
        else []
    )


def _flags(row: Account) -> str:
    words = (
        ("cash_only", "Cash only"),
        ("on_hold", "Hold"),
        ("no_bill", "No bill"),
        ("late_fee_exempt", "No late fees"),
    )
    return ", ".join(word for name, word in words if getattr(row, name))


def _calculation(row: Account) -> str:
    return f"{_url(row)}?tab=transactions#open"


ACCOUNTS = ListPage(
    name="accounts",
    title="Accounts",
    about="One customer at one location for one stretch of time.",
    noun="accounts",
    columns=(
        Column("number", "Account", kind="code", sort="number"),
        Column("customer", "Name", "customer.name", sort="customer__name"),
        Column("address", "Service address", "location.address", sort="location__street_name"),
        Column("route", "Route", "location.route.code", kind="code", sort="location__route__code"),
        Column("sequence", "Place", "location.sequence", kind="number", sort="location__sequence",
               chosen=False),
        Column("category", "Class", lambda row: row.category.capitalize(), sort="category"),
        Column("payoff", "Balance", kind="amount", sort="payoff", href=_calculation, calculation=True,
               may_credit=True),
        Column("due", "Oldest due", kind="date", sort="due"),
        Column("flags", "Flags", _flags),
        Column("starts", "From", kind="date", sort="starts", chosen=False),
        Column("ends", "Until", kind="date", sort="ends", chosen=False),
        Column("phone", "Telephone", "customer.phone", kind="code", chosen=False),
        Column("email", "Mail", "customer.email", chosen=False),
    ),
    rows=_rows,
    filters=OwingFilter,
    opens=_url,
    order="number",
    verbs=_verbs,
    empty=Empty(
        "No accounts yet", "An account is opened when somebody moves in.", "users",
        Verb("Open an account", "/accounts/new/", "plus"),
    ),
    template="accounts/list.html",
)  # fmt: skip

account_list = page("customers.view")(list_view(ACCOUNTS))
