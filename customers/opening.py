"""Opening an account in one go: a customer, new or known, at a location from a day on."""

from dataclasses import asdict, dataclass
from datetime import date

from core.actors import Actor
from core.errors import Refused
from core.operations import operation
from customers.customer_file import add_customer
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


@operation("customers.account.move_in", permission="customers.edit")
def open_for(
    by: Actor,
    *,
    location_id: int,
    starts: date,
    customer_id: int | None = None,
    new_customer: NewCustomer | None = None,
    number: str = "",
    category: str = "residential",
) -> int:
    """Open an account for a customer that is known or made with it; returns the account's id.

    Exactly one of ``customer_id`` and ``new_customer`` is given.  Refusals are those of ``add_customer``
    and ``open_account``; nothing is left behind by a refusal.
    """
    if new_customer is not None:
        if customer_id is not None:
            raise ValueError("An account is opened for one customer: known or new.")
        customer_id = add_customer(by, **asdict(new_customer))
    if customer_id is None:
        raise Refused("Nobody is named to answer for the account.", "Name a customer.", field="customer_id")
    return int(
        open_account(
            by,
            customer_id=customer_id,
            location_id=location_id,
            starts=starts,
            number=number,
            category=category,
        )
    )
