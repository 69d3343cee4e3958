"""The list of customers and one customer's page."""

from django.http import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse

from core import clock
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Fact
from core.web.requests import UtilityRequest
from core.web.views import page
from customers.models import Customer
from customers.queries import AccountShown, accounts, customers, phone_words
from customers.web.filters import CustomerFilter

CUSTOMERS = ListPage(
    name="customers",
    title="Customers",
    about="People and organisations. One customer may have many accounts.",
    noun="customers",
    columns=(
        Column("id", "No.", kind="code", sort="id"),
        Column("name", "Name", sort="name"),
        Column("phone", "Telephone", lambda row: phone_words(row.phone), kind="code", sort="phone"),
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
    empty=Empty("No customers yet", "A customer is made when an account is opened.", "users"),
    template="accounts/list.html",
)

customer_list = page("customers.view")(list_view(CUSTOMERS))


@page("customers.view")
def customer(request: UtilityRequest, customer_id: int) -> HttpResponseBase:
    """One customer: how to reach them, and their accounts."""
    found = Customer.objects.get(id=customer_id)
    today = clock.today(request.utility.tz)
    context = {
        "customer": found,
        "facts": [
            Fact("Number", str(found.id)),
            Fact("Telephone", phone_words(found.phone) or None),
            Fact("Mail", found.email or None),
            Fact("Tax number", f"•••-••-{found.ssn_last4}" if found.ssn_last4 else None),
        ],
        "mailing": [
            found.mail_line_1,
            found.mail_line_2,
            f"{found.mail_city} {found.mail_state}  {found.mail_zip}",
        ],
        "rows": [AccountShown(a, today) for a in accounts().filter(customer=found).order_by("-starts")],
    }
    return TemplateResponse(request, "customers/customer.html", context)
