"""The list of customers and one customer's page."""

from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Verb
from core.web.requests import UtilityRequest
from core.web.views import page
from customers.models import Customer
from customers.queries import AccountShown, accounts, customers, phone_words
from customers.web.account_tabs import cards_of
from customers.web.filters import CustomerFilter
from customers.web.people_facts import guarantor_facts, main_lines, person_facts

CARDS, PAPERS_CUSTOMER = "customer:cards", "customer:papers"
"""The frames of a customer's page: cards by upper apps (each slot's ``tab``), and what is printed of them."""

CUSTOMERS = ListPage(
    name="customers",
    title="Customers",
    about="People and organisations. One customer may have many accounts.",
    noun="customers",
    columns=(
        Column("id", "No.", kind="code", sort="id"),
        Column("name", "Name", sort="name"),
        Column("phone", "Telephone", lambda row: phone_words(row.phone), kind="code", sort="phone"),
        Column("work_phone", "At work", lambda row: phone_words(row.work_phone), kind="code", chosen=False),
        Column("email", "Mail", sort="email"),
        Column("mail_line_1", "Mailing address", sort="mail_line_1"),
        Column("mail_city", "City", sort="mail_city"),
        Column("mail_zip", "ZIP", kind="code", sort="mail_zip", chosen=False),
        Column("accounts", "Accounts", kind="number", sort="accounts"),
    ),
    rows=lambda request: customers(),
    filters=CustomerFilter,
    opens=lambda row: reverse("customers:customer", args=[row.id]),
    order="name",
    verbs=lambda request: (
        [Verb("New customer", reverse("customers:customer_new"), "plus", "n", main=True)]
        if request.actor.may("customers.edit")  # type: ignore[attr-defined]  # a UtilityRequest
        else []
    ),
    empty=Empty("No customers yet", "A customer is made alone, or when an account is opened.", "users"),
    template="accounts/list.html",
)

customer_list = page("customers.view")(list_view(CUSTOMERS))


def _verbs(request: UtilityRequest, found: Customer) -> list[Verb]:
    if not request.actor.may("customers.edit"):
        return []
    named = "Change the guarantor" if found.guarantor_id else "Add a guarantor"
    return [
        Verb("Change", reverse("customers:customer_change", args=[found.id]), "pencil", "e", main=True),
        Verb(named, reverse("customers:guarantor", args=[found.id]), "heart-handshake", "u"),
        Verb("Open an account", f"{reverse('customers:open')}?known={found.id}", "plus", "n"),
    ]


@page("customers.view")
def customer(request: UtilityRequest, customer_id: int) -> HttpResponseBase:
    """One customer: how to reach them, and their accounts."""
    found = Customer.objects.select_related("guarantor").get(id=customer_id)
    today = clock.today(request.utility.tz)
    context = {
        "customer": found,
        "facts": person_facts(found),
        "mailing": main_lines(found),
        "vouches": guarantor_facts(found),
        "verbs": _verbs(request, found),
        "cards": cards_of(CARDS, request, found),
        "rows": [AccountShown(a, today) for a in accounts().filter(customer=found).order_by("-starts")],
    }
    return TemplateResponse(request, "customers/customer.html", context)
