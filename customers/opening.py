"""Opening an account in one go: a customer, new or known, at a location from a day on."""

from dataclasses import asdict, dataclass
from datetime import date

from core.actors import Actor
from core.errors import Refused
from core.operations import note, operation
from core.sealed import Typed
from customers.customer_file import QUIET, add_customer, change_customer
from customers.earlier import accepted, earlier_of, told
from customers.models import Customer
from customers.notes import add_note
from customers.operations import open_account


@dataclass(frozen=True, slots=True)
class NewCustomer:
    """A customer who is not here yet, with the address that bills go to."""

    name: str
    mail_line_1: str
    mail_city: str
    mail_state: str
    mail_zip: str
    mail_line_2: str = ""
    email: str = ""
    phone: str = ""


def answering(
    by: Actor,
    *,
    customer_id: int | None,
    new: NewCustomer | None,
    ssn: Typed | None = None,
    licence: Typed | None = None,
    owed_reason: str = "",
) -> int:
    """The customer who answers for an account that is opened, made when new; inside an operation.

    Numbers typed for somebody known go on their file, if none is there yet.  Raises ``Refused`` when nobody
    is named, or the number on the file is another one.
    """
    if new is not None:
        if customer_id is not None:
            raise ValueError("An account is opened for one customer: known or new.")
        return int(add_customer(by, ssn=ssn, licence=licence, owed_reason=owed_reason, **asdict(new)))
    if customer_id is None:
        raise Refused("Nobody is named to answer for the account.", "Name a customer.", field="customer_id")
    known = Customer.objects.filter(id=customer_id).first()
    if known is None:
        return customer_id
    ssn, licence = _not_kept(known, ssn), _not_kept(known, licence)
    if ssn or licence:
        change_customer(
            by, customer_id=customer_id, fields={}, ssn=ssn, licence=licence, owed_reason=owed_reason
        )
    return customer_id


def _not_kept(known: Customer, typed: Typed | None) -> Typed | None:
    """The number when the file has none yet; raises ``Refused`` when it has another one."""
    if typed is None or not typed.plain.strip():
        return None
    kept = typed.column.take(known)
    if kept and kept != typed.column.normal(typed.plain):
        raise Refused(
            f"{known.name} has another number on file.",
            "Leave it out, or change it in the customer’s file.",
            field=typed.column.field,
        )
    return None if kept else typed


@operation("customers.account.move_in", permission="customers.edit", quiet=QUIET)
def open_for(
    by: Actor,
    *,
    location_id: int,
    starts: date,
    customer_id: int | None = None,
    new_customer: NewCustomer | None = None,
    ssn: Typed | None = None,
    licence: Typed | None = None,
    owed_reason: str = "",
    number: str = "",
    category: str = "residential",
) -> int:
    """Open an account for a customer that is known or made with it; returns the account's id.

    Exactly one of ``customer_id`` and ``new_customer`` is given.  Refusals are those of ``add_customer``
    and ``open_account``; nothing is left behind by a refusal.  Earlier bills of somebody known, or of
    whoever has the numbers, are refused at ``owed_reason`` until somebody says why; a pinned note keeps it.
    """
    earlier = earlier_of(
        ssn=ssn.plain if ssn else "", licence=licence.plain if licence else "", customer_id=customer_id
    )
    reason = accepted(earlier, owed_reason)
    customer_id = answering(
        by, customer_id=customer_id, new=new_customer, ssn=ssn, licence=licence, owed_reason=reason
    )
    account_id = open_account(
        by,
        customer_id=customer_id,
        location_id=location_id,
        starts=starts,
        number=number,
        category=category,
    )
    if earlier.bills:
        note(owed=earlier.owed)
        add_note(by, account_id=account_id, text=told(earlier, reason), pinned=True)
    return int(account_id)
