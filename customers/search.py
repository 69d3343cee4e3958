"""What finds accounts and people: numbers, names, addresses, telephones, mail, meters, parcels, payers."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from core.search import Result, SearchKind
from core.search.tokens import mail_tokens, number_tokens, phone_tokens, place_tokens, tokens
from customers.landlord_search import LANDLORD_KINDS
from customers.models import Account, Customer
from customers.queries import phone_words
from meters.models import Installation


def account_keys(refs: Sequence[int]) -> dict[int, set[str]]:
    """The keys of each account, in two queries; meters are those at its location at present."""
    keys: dict[int, set[str]] = {}
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
        keys[ref] = (
            number_tokens(number)
            | tokens(name)
            | tokens(payer)
            | tokens(f"{house} {street} {unit}")
            | number_tokens(code)
            | (number_tokens(parcel) if parcel else set())
            | place_tokens(route, sequence)
            | phone_tokens(phone)
            | phone_tokens(work)
            | mail_tokens(email)
        )
        at[location].append(ref)
    installed = Installation.objects.filter(service_point__location_id__in=list(at), ends=None)
    for location, number in installed.values_list("service_point__location_id", "meter__number"):
        for ref in at[location]:
            keys[ref] |= number_tokens(number)
    return keys


def account_result(account: Account) -> Result:
    """The account as an answer: who and where, and who else pays."""
    payer = f", paid by {account.alternate_payer}" if account.alternate_payer else ""
    return Result(
        kind="account",
        ref=account.id,
        title=f"{account.number}  {account.customer.name}",
        detail=f"{account.location.address}, {account.location.city}{payer}",
        route="customers:account",
        args=(account.number,),
        state="closed" if account.ends else "",
    )


def account_results(refs: Sequence[int]) -> Iterable[Result]:
    """The accounts as answers."""
    return map(account_result, Account.objects.filter(id__in=refs).select_related("customer", "location"))


def every_account() -> Iterable[int]:
    """The ids of all accounts, in order."""
    return Account.objects.order_by("id").values_list("id", flat=True)


def accounts_of_customers(refs: Sequence[int]) -> Iterable[int]:
    """The accounts whose keys have these customers' names in them."""
    return Account.objects.filter(customer__in=refs).values_list("id", flat=True)


def accounts_at_locations(refs: Sequence[int]) -> Iterable[int]:
    """The accounts whose keys have these locations' streets and meters in them."""
    return Account.objects.filter(location__in=refs).values_list("id", flat=True)


def customer_keys(refs: Sequence[int]) -> dict[int, set[str]]:
    """The keys of each customer: name, telephone, mail and where their post goes."""
    rows = Customer.objects.filter(id__in=refs).values_list(
        "id", "name", "phone", "work_phone", "email", "mail_line_1"
    )
    return {
        ref: tokens(name) | tokens(line) | phone_tokens(phone) | phone_tokens(work) | mail_tokens(email)
        for ref, name, phone, work, email, line in rows
    }


def customer_results(refs: Sequence[int]) -> Iterable[Result]:
    """The people as answers: how to reach them."""
    for one in Customer.objects.filter(id__in=refs):
        reach = " · ".join(part for part in (phone_words(one.phone), one.email, one.mail_line_1) if part)
        yield Result("customer", one.id, one.name, reach, "customers:customer", (one.id,))


def every_customer() -> Iterable[int]:
    """The ids of all customers, in order."""
    return Customer.objects.order_by("id").values_list("id", flat=True)


SEARCH_KINDS = (
    SearchKind(
        "account",
        "Accounts",
        "customers.view",
        account_keys,
        account_results,
        every_account,
        icon="user",
        order=10,
        follows={"customer": accounts_of_customers, "location": accounts_at_locations},
    ),
    SearchKind(
        "customer",
        "People",
        "customers.view",
        customer_keys,
        customer_results,
        every_customer,
        icon="users",
        order=20,
    ),
    *LANDLORD_KINDS,
)
