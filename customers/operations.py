"""Opening accounts and putting services on them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from core.actors import Actor
from core.codes import checked_code
from core.errors import Conflict, NotFound, Refused
from core.operations import operation
from core.search import refresh_keys
from customers.models import Account, Customer, Service
from customers.numbering import assign_number
from customers.policies import most_flat, most_metered
from meters.models import Location, ServicePoint
from rates.models import RateTable


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
    category = checked_code("category", category, "category")
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
    """Put a service on an account from a day on; metered when a service point is named.  Returns its id.

    An account may have so many metered and so many flat services at once as the policies say (5 and 7
    when they are not set).  Raises ``Refused`` for one more, ``Conflict`` for a point that is taken.
    """
    account = Account.objects.select_for_update().filter(id=account_id).first()
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
    room_for_one_more(account, starts, metered=service_point_id is not None)
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


def room_for_one_more(account: Account, on: date, *, metered: bool) -> None:
    """Refuse a service beyond what one account may have at once."""
    most = most_metered(on) if metered else most_flat(on)
    there = Service.objects.filter(account=account, service_point__isnull=not metered)
    count = there.filter(Q(ends=None) | Q(ends__gt=on)).count()
    if count >= most:
        kind = "metered" if metered else "flat-rate"
        raise Refused(
            f"Account {account.number} has {count} {kind} services; it may have {most} at once.",
            "End one first, or raise the limit under Policies, Customers.",
            field="service_point_id" if metered else "rate_id",
        )
