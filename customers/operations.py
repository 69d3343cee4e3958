"""Writes to customers, accounts and the services on them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import operation
from core.search import refresh_keys
from core.seen import check
from customers.models import Account, Customer, Service
from customers.numbering import assign_number
from meters.models import Location, ServicePoint
from rates.models import RateTable


@operation("customers.customer.add", permission="customers.edit")
def add_customer(
    by: Actor,
    *,
    name: str,
    mail_line_1: str,
    mail_city: str,
    mail_state: str,
    mail_zip: str,
    mail_line_2: str = "",
    email: str = "",
    phone: str = "",
) -> int:
    """A new customer; returns the id.  Raises ``Refused`` at the field that is missing."""
    for place, value in (("name", name), ("mail_line_1", mail_line_1), ("mail_zip", mail_zip)):
        if not value.strip():
            raise Refused(f"The {place.replace('_', ' ')} is missing.", "Type it in.", field=place)
    customer = Customer.objects.create(
        name=name.strip(),
        mail_line_1=mail_line_1,
        mail_line_2=mail_line_2,
        mail_city=mail_city,
        mail_state=mail_state,
        mail_zip=mail_zip,
        email=email,
        phone=phone,
    )
    refresh_keys("customer", [customer.id])
    return int(customer.id)


@operation("customers.account.open", permission="customers.edit")
def open_account(
    by: Actor,
    *,
    customer_id: int,
    location_id: int,
    starts: date,
    number: str = "",
    category: str = "residential",
) -> int:
    """Open an account for a customer at a location from a day on; returns its id.

    Without a number the next one is assigned by the utility's pattern.  Raises ``Conflict`` for a number
    that is taken, ``NotFound`` for a customer or location of another utility.
    """
    if not Customer.objects.filter(id=customer_id).exists():
        raise NotFound("There is no such customer.", "Find the customer by name.", field="customer_id")
    if not Location.objects.filter(id=location_id).exists():
        raise NotFound("There is no such location.", "Find the location by its address.", field="location_id")
    number = number.strip() or assign_number(starts)
    if Account.objects.filter(number=number).exists():
        raise Conflict(
            f"Account number {number} is taken.", "Leave it empty to have one assigned.", field="number"
        )
    account = Account.objects.create(
        number=number, customer_id=customer_id, location_id=location_id, starts=starts, category=category
    )
    refresh_keys("account", [account.id])
    return int(account.id)


@operation("customers.service.add", permission="customers.edit")
def add_service(
    by: Actor,
    *,
    account_id: int,
    rate_id: int,
    starts: date,
    service_point_id: int | None = None,
    units: Decimal = Decimal(1),
    attributes: dict[str, Any] | None = None,
) -> int:
    """Put a service on an account from a day on; metered when a service point is named.  Returns its id."""
    account = Account.objects.filter(id=account_id).first()
    rate = RateTable.objects.filter(id=rate_id).first()
    if account is None or rate is None:
        raise NotFound("There is no such account or rate.", "Choose both from the lists.", field="rate_id")
    if service_point_id is not None:
        point = ServicePoint.objects.filter(id=service_point_id, location=account.location_id).first()
        if point is None:
            raise Refused(
                "That service point is not at the account's location.",
                "Choose one of its own.",
                field="service_point_id",
            )
        if Service.objects.filter(service_point=point, ends=None).exists():
            raise Conflict("Somebody has a service at that point.", "End it first.", field="service_point_id")
    service = Service.objects.create(
        account=account,
        service_type=rate.service_type,
        service_point_id=service_point_id,
        rate=rate,
        starts=starts,
        units=units,
        attributes=attributes or {},
    )
    return int(service.id)


@operation("customers.account.flag", permission="customers.edit", quiet=frozenset({"seen"}))
def set_flags(by: Actor, *, account_id: int, flags: Mapping[str, bool], seen: str = "") -> int:
    """Set or clear account flags: cash_only, no_bill, on_hold, late_fee_exempt.  Returns the account's id.

    ``seen`` is the mark of what was shown (``core.seen``); raises ``Stale`` when a flag was changed since.
    """
    known = {"cash_only", "no_bill", "on_hold", "late_fee_exempt"}
    if unknown := set(flags) - known:
        raise Refused(
            f"“{sorted(unknown)[0]}” is no flag of an account.", f"Use one of {', '.join(sorted(known))}."
        )
    account = Account.objects.select_for_update().filter(id=account_id).first()
    if account is None:
        raise NotFound("There is no such account.", "Find it by its number.")
    check(seen, account, {name: getattr(account, name) for name in flags})
    for name, value in flags.items():
        setattr(account, name, value)
    account.save(update_fields=list(flags))
    return int(account.id)
