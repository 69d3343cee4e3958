"""What finds accounts and people: numbers, names, addresses, telephones, mail, meters, parcels, payers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from core import clock
from core.search import Result, Said, SearchKind, keys_said
from core.search.tokens import mail_tokens, number_tokens, phone_tokens, place_tokens, tokens
from customers.container_search import CONTAINER_KINDS
from customers.landlord_search import LANDLORD_KINDS
from customers.models import Account, Customer
from customers.queries import AccountShown, phone_words
from meters.models import Installation


def account_said(refs: Sequence[int]) -> dict[int, list[Said]]:
    """What each account is found under, in two queries; meters are those at its location at present."""
    told: dict[int, list[Said]] = {}
    at: dict[int, list[int]] = defaultdict(list)
    rows = Account.objects.filter(id__in=refs).values_list(
        "id", "number", "customer__name", "customer__phone", "customer__work_phone", "customer__email",
        "alternate_payer",
        "location_id", "location__code", "location__parcel", "location__street_number",
        "location__street_name", "location__unit_label", "location__route__code", "location__sequence",
    )  # fmt: skip
    for (
        ref, number, name, phone, work, email, payer, location, code, parcel, house, street, unit, route,
        sequence,
    ) in rows:  # fmt: skip
        address = f"{house} {street} {unit}".strip()
        told[ref] = [
            Said("account", number, number_tokens, number),
            Said("name", name, tokens, name),
            Said("paid by", payer, tokens, payer),
            Said("at", address, tokens, address),
            Said("telephone", phone_words(phone), phone_tokens, phone),
            Said("work", phone_words(work), phone_tokens, work),
            Said("mail", email, mail_tokens, email),
            Said("parcel", parcel, number_tokens, parcel),
            Said("location", code, number_tokens, code),
            Said("route", f"{route}, place {sequence}", place_tokens, route, sequence),
        ]
        at[location].append(ref)
    installed = Installation.objects.filter(service_point__location_id__in=list(at), ends=None)
    for location, number, serial in installed.values_list(
        "service_point__location_id", "meter__number", "meter__serial"
    ):
        for ref in at[location]:
            told[ref].append(Said("meter", number, number_tokens, number))
            if serial and serial != number:
                told[ref].append(Said("meter serial", serial, number_tokens, serial))
    return told


SHOWN = (
    *("number", "starts", "ends", "pending", "alternate_payer", "customer", "customer__name", "location"),
    *("location__street_number", "location__street_name", "location__unit_label", "location__city"),
)
"""What of an account an answer says; half its columns are never shown there."""


def account_result(account: Account) -> Result:
    """The account as an answer: who and where, and who else pays; marked when it is not an active one."""
    payer = f", paid by {account.alternate_payer}" if account.alternate_payer else ""
    state = AccountShown(account, _today()).state
    return Result(
        kind="account",
        ref=account.id,
        title=f"{account.number}  {account.customer.name}",
        detail=f"{account.location.address}, {account.location.city}{payer}",
        route="customers:account",
        args=(account.number,),
        state="" if state == "active" else state,
    )


def account_results(refs: Sequence[int]) -> Iterable[Result]:
    """The accounts as answers."""
    found = Account.objects.filter(id__in=refs).select_related("customer", "location").only(*SHOWN)
    return map(account_result, found)


def every_account() -> Iterable[int]:
    """The ids of all accounts, in order."""
    return Account.objects.order_by("id").values_list("id", flat=True)


def accounts_of_customers(refs: Sequence[int]) -> Iterable[int]:
    """The accounts whose keys have these customers' names in them."""
    return Account.objects.filter(customer__in=refs).values_list("id", flat=True)


def accounts_at_locations(refs: Sequence[int]) -> Iterable[int]:
    """The accounts whose keys have these locations' streets and meters in them."""
    return Account.objects.filter(location__in=refs).values_list("id", flat=True)


def customer_said(refs: Sequence[int]) -> dict[int, list[Said]]:
    """What each customer is found under: name, telephone, mail and where their post goes."""
    rows = Customer.objects.filter(id__in=refs).values_list(
        "id", "name", "phone", "work_phone", "email", "mail_line_1"
    )
    return {
        ref: [
            Said("name", name, tokens, name),
            Said("post to", line, tokens, line),
            Said("telephone", phone_words(phone), phone_tokens, phone),
            Said("work", phone_words(work), phone_tokens, work),
            Said("mail", email, mail_tokens, email),
        ]
        for ref, name, phone, work, email, line in rows
    }


def customer_results(refs: Sequence[int]) -> Iterable[Result]:
    """The people as answers: how to reach them; former ones, whose accounts have all ended, marked."""
    theirs = Account.objects.filter(customer=OuterRef("pk"))
    going_on = Q(ends=None) | Q(ends__gt=_today())
    people = Customer.objects.filter(id__in=refs).annotate(
        has_had=Exists(theirs), has=Exists(theirs.filter(going_on))
    )
    for one in people.only("name", "phone", "email", "mail_line_1"):
        reach = " · ".join(part for part in (phone_words(one.phone), one.email, one.mail_line_1) if part)
        state = "former" if one.has_had and not one.has else ""
        yield Result("customer", one.id, one.name, reach, "customers:customer", (one.id,), state)


def every_customer() -> Iterable[int]:
    """The ids of all customers, in order."""
    return Customer.objects.order_by("id").values_list("id", flat=True)


def _today() -> date:
    return clock.now().astimezone(timezone.get_current_timezone()).date()


SEARCH_KINDS = (
    SearchKind(
        "account",
        "Accounts",
        "customers.view",
        keys_said(account_said),
        account_results,
        every_account,
        icon="user",
        order=10,
        tell=account_said,
        follows={"customer": accounts_of_customers, "location": accounts_at_locations},
    ),
    SearchKind(
        "customer",
        "People",
        "customers.view",
        keys_said(customer_said),
        customer_results,
        every_customer,
        icon="users",
        order=20,
        tell=customer_said,
    ),
    *LANDLORD_KINDS,
    *CONTAINER_KINDS,
)
