"""Accounts that are exempt from a tax: kept by tax code, counted, and set."""

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from core.actors import Actor
from core.errors import NotFound, Refused
from core.operations import operation
from core.seen import check
from customers.models import Account
from rates.shared.queries import shared_values

_COUNTED = """
SELECT code, count(*) FROM customers_account a, jsonb_array_elements_text(a.tax_exempt_codes) AS code
WHERE a.tax_exempt_codes <> '[]'::jsonb AND a.ends IS NULL GROUP BY code
"""


def exempt_accounts() -> QuerySet[Account]:
    """Accounts that are exempt from some tax, with customer and location."""
    return Account.objects.exclude(tax_exempt_codes=[]).select_related("customer", "location")


def exempt_by_code() -> dict[str, int]:
    """How many open accounts are exempt from each tax code."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED)
        return {code: int(count) for code, count in cursor.fetchall()}


TAX_EXEMPT = (exempt_by_code,)


def tax_codes(day: date, kept: Sequence[str] = ()) -> list[tuple[str, str]]:
    """The tax codes of the tables in force with their words, and those that an account has besides."""
    known = {s.name: s.text for s in shared_values(day) if s.kind == "tax"}
    return [*known.items(), *((code, "no table in force has it") for code in kept if code not in known)]


@operation("customers.account.tax_exempt", permission="customers.edit", quiet=frozenset({"seen"}))
def set_tax_exemptions(
    by: Actor, *, account_id: int, codes: Sequence[str], today: date, seen: str = ""
) -> int:
    """Say from which taxes an account is exempt, from its next bill on; returns its id.

    ``codes`` are all of them, none for no exemption.  Posted bills stay as they are.  Raises ``Refused`` for
    a code that no table in force has and the account has not had, ``Stale`` when somebody changed it
    since ``seen``.
    """
    account = Account.objects.select_for_update().filter(id=account_id).first()
    if account is None:
        raise NotFound("There is no such account.", "Look it up by its number.", field="account_id")
    kept = list(account.tax_exempt_codes)
    check(seen, account, {"codes": kept}, columns={"codes": "tax_exempt_codes"})
    known = [code for code, _ in tax_codes(today, kept)]
    wanted = list(dict.fromkeys(codes))
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise Refused(
            f"No table in force has a tax “{unknown[0]}”.",
            f"Use of {', '.join(known)}." if known else "Enter the tax in a rate table first.",
            field="codes",
        )
    account.tax_exempt_codes = [code for code in known if code in wanted]
    account.save(update_fields=["tax_exempt_codes"])
    return int(account.id)
