"""The list of payments that the bank sent back, and the way to it from an account's payment record."""

from collections.abc import Mapping

import django_filters
from django.http import HttpRequest
from django.urls import reverse

from collections_app.models import PaymentReturn
from collections_app.returns import returned_payments
from core.ui.columns import Column
from core.ui.fields import DayInput
from core.ui.lists import ListPage, list_view
from core.ui.objects import Slot
from core.ui.parts import Empty
from core.web.views import page
from customers.models import Standing
from customers.queries import AccountShown
from customers.web.standing import TRACES


class ReturnFilter(django_filters.FilterSet):
    """By account, what the bank said, and the day it counts on."""

    account = django_filters.CharFilter(label="Account", field_name="payment__account__number")
    reason = django_filters.CharFilter(label="What the bank said", lookup_expr="icontains")
    since = django_filters.DateFilter(label="From", field_name="on", lookup_expr="gte", widget=DayInput)
    until = django_filters.DateFilter(label="To", field_name="on", lookup_expr="lte", widget=DayInput)

    class Meta:
        model = PaymentReturn
        fields: tuple[str, ...] = ()


def _account(row: PaymentReturn) -> str:
    return reverse("customers:account", args=[row.payment.account.number])


RETURNED = ListPage(
    name="returned-payments",
    title="Returned payments",
    about="Payments that the bank did not honour: what they had paid is owed again.",
    noun="returned payments",
    columns=(
        Column("on", "Came back", kind="date", sort="on"),
        Column("receipt", "Receipt", "payment.receipt.number", kind="code", sort="payment__receipt__number"),
        Column("paid_on", "Paid", "payment.receipt.on", kind="date", sort="payment__receipt__on"),
        Column("account", "Account", "payment.account.number", kind="code", sort="payment__account__number",
               href=_account),
        Column("name", "Name", "payment.account.customer.name", sort="payment__account__customer__name"),
        Column("amount", "Amount", "payment.amount", kind="amount", sort="payment__amount"),
        Column("reason", "What the bank said", sort="reason"),
        Column("fee", "Fee", lambda row: row.fee.amount if row.fee else None, kind="amount",
               sort="fee__amount"),
        Column("at", "Entered", kind="moment", sort="at", chosen=False),
    ),
    rows=lambda request: returned_payments(),
    filters=ReturnFilter,
    opens=lambda row: reverse("collections:receipt", args=[row.payment.receipt.number]),
    order="-on",
    empty=Empty(
        "Nothing came back",
        "A payment that the bank sends back is entered on the page of its receipt.",
        "arrow-back-up",
    ),
)  # fmt: skip

returned_list = page("payments.view")(list_view(RETURNED))


def traces(request: HttpRequest, subject: AccountShown) -> Mapping[str, str]:
    """What raised the account's counter of returned payments."""
    return {Standing.Kind.RETURNED: f"{reverse('collections:returned')}?account={subject.number}"}


SLOTS = (Slot(TRACES, "tab", "returned", 10, traces, permission="payments.view"),)
