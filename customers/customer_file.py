"""Writes to the customer's file: who they are, where bills go, what is sealed, who vouches for them."""

import re
from collections.abc import Mapping

from core.actors import Actor
from core.errors import NotFound, Refused
from core.operations import note, operation
from core.sealed import Sealed, Typed
from core.search import refresh_keys
from core.seen import check
from core.texts import check_post, kept_texts
from customers.earlier import accepted, earlier_of, told
from customers.models import Account, Customer, Guarantor
from customers.notes import add_note
from customers.sealed import LICENCE, SSN
from customers.texts import CUSTOMER_TEXTS, GUARANTOR_TEXTS

SSN_DIGITS, LICENCE_LENGTH = 9, 20
QUIET = frozenset({"ssn", "licence", "seen"})


@operation("customers.customer.add", permission="customers.edit", quiet=QUIET)
def add_customer(
    by: Actor,
    /,
    *,
    ssn: Typed | None = None,
    licence: Typed | None = None,
    owed_reason: str = "",
    **fields: str,
) -> int:
    """A new customer; returns the id.

    ``fields`` are those of ``customers.texts.CUSTOMER_TEXTS``.  Raises ``Refused`` at the field that is
    missing or cannot be kept, and at ``owed_reason`` while who has the numbers already owes earlier bills
    and nobody says why the customer is taken all the same.
    """
    _look_back(ssn, licence, owed_reason)
    needed = {one.name: "" for one in CUSTOMER_TEXTS if one.needed}
    customer = Customer()
    _put(customer, {**needed, **fields}, ssn, licence)
    customer.save()
    refresh_keys("customer", [customer.id])
    return int(customer.id)


@operation("customers.customer.change", permission="customers.edit", quiet=QUIET)
def change_customer(
    by: Actor,
    *,
    customer_id: int,
    fields: Mapping[str, str],
    ssn: Typed | None = None,
    licence: Typed | None = None,
    seen: str = "",
    owed_reason: str = "",
) -> int:
    """Change what is named of a customer; returns the id.  A sealed number that is typed empty is taken out.

    Before and after are kept, of the sealed ones only that they were changed.  ``seen`` is the mark of what
    was shown (``core.seen``).  Refuses as ``add_customer``, and with ``Stale`` when it was changed since.
    Where somebody else with a number typed now owes earlier bills, these and the reason are pinned to the
    customer's accounts.
    """
    customer = _locked(customer_id)
    check(seen, customer, shown_values(customer), columns={"ssn": "ssn_last4", "licence": "licence_last4"})
    words = _look_back(ssn, licence, owed_reason, customer)
    for account_id in _accounts_now(customer_id) if words else ():
        add_note(by, account_id=account_id, text=words, pinned=True)
    _put(customer, fields, ssn, licence)
    customer.save()
    refresh_keys("customer", [customer.id])
    return int(customer.id)


def _look_back(
    ssn: Typed | None, licence: Typed | None, reason: str, customer: Customer | None = None
) -> str:
    """What others with a number that is typed now owe from before, and the reason, in words; or nothing."""
    earlier = earlier_of(
        ssn=_anew(SSN, ssn, customer),
        licence=_anew(LICENCE, licence, customer),
        others_than=customer.id if customer else None,
    )
    said = accepted(earlier, reason)
    if not earlier.bills:
        return ""
    note(owed=earlier.owed, owed_reason=said)
    return told(earlier, said)


def _anew(column: Sealed, typed: Typed | None, customer: Customer | None) -> str:
    """The number when it is another one than is kept; typed once more it says nothing new."""
    if typed is None or not column.normal(typed.plain):
        return ""
    kept = column.take(customer) if customer else ""
    return "" if column.normal(typed.plain) == kept else typed.plain


def _accounts_now(customer_id: int) -> list[int]:
    """The customer's accounts that have not ended."""
    rows = Account.objects.filter(customer=customer_id, ends=None).order_by("id")
    return [int(one) for one in rows.values_list("id", flat=True)]


def shown_values(customer: Customer) -> dict[str, str]:
    """What the form of a customer shows, by its fields; of a sealed number its end."""
    texts = {one.name: getattr(customer, one.name) for one in CUSTOMER_TEXTS}
    ends = {"ssn": (customer.ssn, customer.ssn_last4), "licence": (customer.licence, customer.licence_last4)}
    return {**texts, **{name: f"•••••{end}" if kept else "" for name, (kept, end) in ends.items()}}


def _put(customer: Customer, fields: Mapping[str, str], ssn: Typed | None, licence: Typed | None) -> None:
    before = {one.name: str(getattr(customer, one.name) or "") for one in CUSTOMER_TEXTS}
    kept = kept_texts(CUSTOMER_TEXTS, fields, before)
    if "mail_country" in kept:
        kept["mail_country"] = kept["mail_country"] or "US"
    if {"mail_country", "mail_zip", "mail_line_1"} & set(kept):
        check_post(
            {**before, **kept}, country="mail_country", zip_code="mail_zip", postal_code="mail_postal_code"
        )
    if not re.fullmatch(r"(\d\d)?", kept.get("delivery_point", "")):
        raise Refused("A delivery point has two digits.", "Type 2 digits, or none.", field="delivery_point")
    for name, text in kept.items():
        setattr(customer, name, text)
    _seal(customer, SSN, ssn)
    _seal(customer, LICENCE, licence)


def _seal(customer: Customer, column: Sealed, typed: Typed | None) -> None:
    if typed is None:
        return
    number = column.normal(typed.plain)
    if typed.plain.strip() and column is SSN and len(number) != SSN_DIGITS:
        raise Refused(
            "A social security number has 9 digits.",
            "Type it like 078-05-1120, or leave it out.",
            field="ssn",
        )
    if typed.plain.strip() and column is LICENCE and not 1 <= len(number) <= LICENCE_LENGTH:
        raise Refused(
            f"A driver licence has 1 to {LICENCE_LENGTH} letters and digits.",
            "Type it as it stands on the card.",
            field="licence",
        )
    column.put(customer, typed.plain)
    note(**{column.field: "typed anew" if number else "taken out"})


@operation("customers.guarantor.put", permission="customers.edit", quiet=frozenset({"seen"}))
def put_guarantor(by: Actor, *, customer_id: int, fields: Mapping[str, str], seen: str = "") -> int:
    """Say who vouches for a customer, or change what is kept of them; returns the customer's id.

    ``fields`` are those of ``customers.texts.GUARANTOR_TEXTS``; of one that is there, those not named stay.
    ``seen`` is the mark of what was shown (``core.seen``).  Raises ``Refused`` at the field that is missing
    or cannot be kept, ``Stale`` when somebody changed it since.
    """
    customer = _locked(customer_id)
    found = customer.guarantor_id and Guarantor.objects.filter(id=customer.guarantor_id).first()
    guarantor = found or Guarantor()
    check(seen, guarantor, {one.name: getattr(guarantor, one.name) for one in GUARANTOR_TEXTS})
    before = {one.name: str(getattr(guarantor, one.name) or "") for one in GUARANTOR_TEXTS}
    kept = kept_texts(GUARANTOR_TEXTS, {**({} if found else before), **fields}, before)
    check_post({**before, **kept}, country="country", zip_code="zip_code", postal_code="postal_code")
    for name, text in kept.items():
        setattr(guarantor, name, text)
    guarantor.save()
    if not found:
        customer.guarantor = guarantor
        customer.save(update_fields=["guarantor"])
    return int(customer.id)


@operation("customers.guarantor.release", permission="customers.edit")
def release_guarantor(by: Actor, *, customer_id: int) -> int:
    """Nobody vouches for the customer from now on; returns the customer's id."""
    customer = _locked(customer_id)
    if customer.guarantor_id is None:
        raise Refused("Nobody vouches for this customer.", "There is nobody to take off.")
    customer.guarantor = None
    customer.save(update_fields=["guarantor"])
    return int(customer.id)


def _locked(customer_id: int) -> Customer:
    customer = Customer.objects.select_for_update().filter(id=customer_id).first()
    if customer is None:
        raise NotFound("There is no such customer.", "Find the customer by name.")
    return customer
