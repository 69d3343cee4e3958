"""Bills: the list, one bill with its lines and their arithmetic, and the bill as it was printed."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from billing.bills import bill_numbered, bill_shown, bill_state, bills, open_by_journal
from billing.documents.letter import LetterOf, print_letter
from billing.explaining import explain_bill
from billing.models import Bill, BillAlarm, BillCancellation, Cycle
from billing.printing import bill_pdf, cancelled_pdf
from billing.statements import brand_of
from core import clock
from core.acting import names_of
from core.money import ZERO
from core.periods import Period
from core.ui.columns import Column
from core.ui.fields import DayInput
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.requests import UtilityRequest
from core.web.views import page
from ledger.history_queries import purges_of


def _cycles(request: HttpRequest) -> QuerySet[Cycle]:
    return Cycle.objects.order_by("code")


class BillFilter(django_filters.FilterSet):
    """By number, account, cycle, days of the bill (both included), printed or not."""

    number = django_filters.NumberFilter(label="Bill number")
    account = django_filters.CharFilter(
        label="Account", field_name="account__number", lookup_expr="startswith"
    )
    cycle = django_filters.ModelChoiceFilter(
        label="Cycle", field_name="run__cycle", queryset=_cycles, empty_label="All cycles"
    )
    run = django_filters.NumberFilter(label="Run", field_name="run_id")
    since = django_filters.DateFilter(
        label="Dated from", field_name="bill_on", lookup_expr="gte", widget=DayInput
    )
    until = django_filters.DateFilter(
        label="Dated to", field_name="bill_on", lookup_expr="lte", widget=DayInput
    )
    is_live = django_filters.ChoiceFilter(
        label="State", choices=(("True", "Posted"), ("False", "Cancelled")), empty_label="All bills"
    )
    final = django_filters.ChoiceFilter(
        label="Final", choices=(("True", "Final bills"), ("False", "Others")), empty_label="Either"
    )
    printed = django_filters.ChoiceFilter(
        label="Printed", choices=(("True", "Printed"), ("False", "Not printed yet")), empty_label="Either"
    )

    class Meta:
        model = Bill
        fields: tuple[str, ...] = ()


def bill_url(row: Bill) -> str:
    """The page of a bill row."""
    return reverse("billing:bill", args=[row.number])


def _life(row: Bill) -> str:
    """The state of a bill as the list tells it; what is still open is told by the bill and its account."""
    if not row.is_live:
        return "cancelled"
    return "final" if row.final else "posted"


BILLS = ListPage(
    name="bills",
    title="Bills",
    about="Posted bills. Balances are as they were when the bill was posted.",
    noun="bills",
    columns=(
        Column("number", "Bill", kind="code", sort="number"),
        Column("account", "Account", "account.number", kind="code", sort="account__number"),
        Column("customer", "Name", "account.customer.name", sort="account__customer__name"),
        Column("address", "Service address", "account.location.address", chosen=False),
        Column("bill_on", "Dated", kind="date", sort="bill_on"),
        Column("due_on", "Due", kind="date", sort="due_on"),
        Column(
            "previous", "Previous balance", "previous_balance", kind="amount", may_credit=True, chosen=False
        ),
        Column(
            "charges",
            "New charges",
            kind="amount",
            sort="charges",
            href=bill_url,
            calculation=True,
            may_credit=True,
        ),
        Column("total_due", "Total due", kind="amount", sort="total_due", may_credit=True),
        Column("state", "State", _life, kind="status", sort="is_live"),
        Column("printed", "Printed", kind="yes_no"),
    ),
    rows=lambda request: bills(),
    filters=BillFilter,
    opens=bill_url,
    order="-number",
    empty=Empty(
        "No bills yet", "Open a run for a cycle; its bills appear here once they are posted.", "file-text"
    ),
)

bill_list = page("bills.view")(list_view(BILLS))


@page("bills.view")
def bill(request: UtilityRequest, number: int) -> HttpResponseBase:
    """One bill: how the total came about, and each line explained."""
    found = bill_numbered(number)
    still_open = open_by_journal([found.journal_id]).get(found.journal_id, ZERO) if found.journal_id else ZERO
    purged = purges_of([found.journal_id]) if found.journal_id else []
    cancellation = None if found.is_live else BillCancellation.objects.filter(bill=found).first()
    context = {
        "bill": found,
        "account": found.account,
        "shown": bill_shown(found, request.actor.may),
        "period": Period(found.starts, found.ends),
        "open": still_open,
        "state": bill_state(found, still_open, clock.today(request.utility.tz)),
        "previous": found.previous_balance + found.payments,
        "payments": -found.payments,
        "credit_applied": -found.credit_applied,
        "deposit_applied": -found.deposit_applied,
        "cancellation": cancellation,
        "who": names_of([cancellation.operator]).get(cancellation.operator, "") if cancellation else "",
        "alarms": BillAlarm.objects.filter(bill=found, cleared_at=None) if found.alarmed else (),
        "purged": purged,
        "verbs": _verbs(request, found, bool(purged)),
        "may_see_runs": request.actor.may("billing.run.view"),
    }
    return TemplateResponse(request, "bills/bill.html", context)


def _verbs(request: UtilityRequest, found: Any, purged: bool) -> list[Verb]:
    number = found.number
    verbs = [
        Verb("PDF", reverse("billing:bill_pdf", args=[number]), "printer", "v", main=True,
             why_not="" if found.printed else "Its run is not printed yet."),
        Verb("Letter", reverse("billing:bill_letter", args=[number]), "file-text", "l"),
        Verb("Account", reverse("customers:account", args=[found.account.number]), "user", "a"),
    ]  # fmt: skip
    if not found.is_live:
        marked = reverse("billing:bill_cancelled", args=[number])
        verbs.insert(1, Verb("Cancelled copy", marked, "printer", "c"))
    if found.journal_id and request.actor.may("ledger.view"):
        verbs.append(Verb("Journal", reverse("ledger:journal", args=[found.journal_id]), "scale", "j"))
    if request.actor.may("bills.cancel"):
        why_not = "" if found.is_live else "It was cancelled before."
        why_not = why_not or ("It was purged with old history." if purged else "")
        verbs.append(
            Verb("Cancel bill", reverse("billing:bill_cancel", args=[number]), "ban", "x", danger=True,
                 why_not=why_not)
        )  # fmt: skip
    return verbs


@page("bills.view")
def printed(request: UtilityRequest, number: int) -> HttpResponseBase:
    """The bill exactly as it was printed."""
    found = Bill.objects.select_related("account").get(number=number)
    return _pdf(bill_pdf(found), f"bill-{number}.pdf")


@page("bills.view")
def cancelled(request: UtilityRequest, number: int) -> HttpResponseBase:
    """A cancelled bill, marked as such."""
    content = cancelled_pdf(Bill.objects.select_related("account").get(number=number))
    return _pdf(content, f"bill-{number}-cancelled.pdf")


@page("bills.view")
def letter(request: UtilityRequest, number: int) -> HttpResponseBase:
    """The bill explained, on a letter sheet."""
    found = bill_numbered(number)
    about = LetterOf(
        bill_number=str(found.number),
        account_number=found.account.number,
        customer_name=found.account.customer.name,
        service_address=found.account.location.address,
        billed_on=found.bill_on,
        charges=found.charges,
    )
    content = print_letter(
        explain_bill(found, request.actor.may), about, brand_of(request.utility, found.bill_on)
    )
    return _pdf(content, f"bill-{number}-explained.pdf")


def _pdf(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
