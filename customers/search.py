"""Accounts are found by number, name, address, route and sequence, telephone, mail address and meter."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from core.search import Result, SearchKind
from core.search.tokens import mail_tokens, number_tokens, phone_tokens, place_tokens, tokens
from customers.models import Account
from meters.models import Installation


def account_keys(refs: Sequence[int]) -> dict[int, set[str]]:
    """The keys of each account, in two queries; meters are those at its location at present."""
    keys: dict[int, set[str]] = {}
    at: dict[int, list[int]] = defaultdict(list)
    rows = Account.objects.filter(id__in=refs).values_list(
        "id", "number", "customer__name", "customer__phone", "customer__email", "location_id",
        "location__code", "location__street_number", "location__street_name", "location__unit_label",
        "location__route__code", "location__sequence",
    )  # fmt: skip
    for ref, number, name, phone, email, location, code, house, street, unit, route, sequence in rows:
        keys[ref] = (
            number_tokens(number)
            | tokens(name)
            | tokens(f"{house} {street} {unit}")
            | number_tokens(code)
            | place_tokens(route, sequence)
            | phone_tokens(phone)
            | mail_tokens(email)
        )
        at[location].append(ref)
    installed = Installation.objects.filter(service_point__location_id__in=list(at), ends=None)
    for location, number in installed.values_list("service_point__location_id", "meter__number"):
        for ref in at[location]:
            keys[ref] |= number_tokens(number)
    return keys


def account_results(refs: Sequence[int]) -> Iterable[Result]:
    """The accounts as answers: who and where."""
    for account in Account.objects.filter(id__in=refs).select_related("customer", "location"):
        yield Result(
            kind="account",
            ref=account.id,
            title=f"{account.number}  {account.customer.name}",
            detail=f"{account.location.address}, {account.location.city}",
            route="customers:account",
            args=(account.number,),
            state="closed" if account.ends else "",
        )


def every_account() -> Iterable[int]:
    """The ids of all accounts, in order."""
    return Account.objects.order_by("id").values_list("id", flat=True)


SEARCH_KINDS = (
    SearchKind("account", "Accounts", "customers.view", account_keys, account_results, every_account),
)
