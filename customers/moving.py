"""People leave and others come: many accounts ended and opened at once."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from core.actors import Actor
from core.bulk import Same, array_literal, insert_columns, take_ids
from core.errors import Conflict, Refused
from core.operations import note, operation
from core.search import refresh_keys
from customers.models import Account, Customer, Service
from customers.numbering import assign_numbers
from customers.opening import NewCustomer


@dataclass(frozen=True, slots=True)
class Departure:
    """An account ends: ``on`` is the first day that is no longer its own."""

    account_id: int
    on: date


@dataclass(frozen=True, slots=True)
class Arrival:
    """A new account from ``on`` at the place of an ended one, with the services that it had.

    Exactly one of ``customer_id`` and ``newcomer`` is given.
    """

    after_account_id: int
    on: date
    customer_id: int | None = None
    newcomer: NewCustomer | None = None


@operation(
    "customers.account.turn_over", permission="customers.edit", quiet=frozenset({"departures", "arrivals"})
)
def turn_over(by: Actor, *, departures: Sequence[Departure], arrivals: Sequence[Arrival]) -> list[int]:
    """End accounts with their services, and open the next ones; a fixed number of statements.

    Returns the new accounts' ids, in the order of the arrivals; their numbers are assigned.  Raises
    ``Conflict`` when an account has ended already or was billed beyond its last day, ``Refused`` when
    somebody would come where another account is still open.
    """
    note(ended=len(departures), opened=len(arrivals))
    ended = [d.account_id for d in departures]
    if departures:
        _end(departures)
    accounts = _open(arrivals) if arrivals else []
    changed = [*ended, *accounts]
    refresh_keys("account", changed)
    people = Account.objects.filter(id__in=changed).values_list("customer_id", flat=True)
    refresh_keys("customer", people, alone=True)
    return accounts


def _end(departures: Sequence[Departure]) -> None:
    pairs = [array_literal([d.account_id for d in departures]), array_literal([d.on for d in departures])]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE customers_account a SET ends = v.day FROM unnest(%s::bigint[], %s::date[]) v(id, day)"
            " WHERE a.id = v.id AND a.ends IS NULL AND a.starts < v.day",
            pairs,
        )
        if cursor.rowcount != len(departures):
            raise Conflict(
                f"{len(departures) - cursor.rowcount} accounts have ended, or begin later than that.",
                "Look at them again. Nothing was changed.",
            )
        cursor.execute(
            "UPDATE customers_service s SET ends = v.day FROM unnest(%s::bigint[], %s::date[]) v(id, day)"
            " WHERE s.account_id = v.id AND s.ends IS NULL RETURNING s.billed_to > v.day",
            pairs,
        )
        if any(beyond for (beyond,) in cursor.fetchall()):
            raise Conflict(
                "An account was billed beyond the day on which it is to end.",
                "End it on the day up to which it was billed, or cancel that bill first.",
            )


def _open(arrivals: Sequence[Arrival]) -> list[int]:
    before = {
        a.id: a
        for a in Account.objects.filter(id__in=[a.after_account_id for a in arrivals]).select_related(
            "location"
        )
    }
    for arrival in arrivals:
        was = before.get(arrival.after_account_id)
        if was is None or was.ends is None or arrival.on < was.ends:
            raise Refused(
                f"The account before has not ended on {arrival.on:%b %-d, %Y}.",
                "End it first, or let the next one begin later.",
                field="on",
            )
    _nobody_there([before[a.after_account_id].location_id for a in arrivals])
    accounts = take_ids(Account, len(arrivals))
    insert_columns(
        Account,
        {
            "id": accounts,
            "number": assign_numbers(max(a.on for a in arrivals), len(arrivals)),
            "customer_id": _customers(arrivals, before),
            "location_id": [before[a.after_account_id].location_id for a in arrivals],
            "starts": [a.on for a in arrivals],
            "category": [before[a.after_account_id].category for a in arrivals],
            "units": [before[a.after_account_id].units for a in arrivals],
            "late_fee_exempt": Same(False),
            "cash_only": Same(False),
            "no_bill": Same(False),
            "on_hold": Same(False),
            "tax_exempt_codes": Same("[]"),
            "message": Same(""),
        },
    )
    _services(arrivals, before, accounts)
    return accounts


def _nobody_there(locations: Sequence[int]) -> None:
    twice = [place for place, times in Counter(locations).items() if times > 1]
    open_there = Account.objects.filter(location__in=locations, ends=None, pending=False).first()
    if twice or open_there:
        number = f" {open_there.number}" if open_there else ""
        raise Refused(f"Another account{number} is open at that place.", "End it first.", field="location_id")


def _customers(arrivals: Sequence[Arrival], before: Mapping[int, Account]) -> list[int]:
    """The customer of each arrival; newcomers get their mail at the place."""
    new = [a for a in arrivals if a.newcomer is not None]
    ids = take_ids(Customer, len(new))
    people = [a.newcomer for a in new if a.newcomer is not None]
    places = [before[a.after_account_id].location for a in new]
    insert_columns(
        Customer,
        {
            "id": ids,
            "name": [p.name for p in people],
            "email": [p.email for p in people],
            "phone": [p.phone for p in people],
            "mail_line_1": [p.mail_line_1 for p in people],
            "mail_line_2": [p.mail_line_2 for p in people],
            "mail_city": [p.mail_city for p in people],
            "mail_state": [p.mail_state for p in people],
            "mail_zip": [p.mail_zip for p in people],
            "mail_country": Same("US"),
            "delivery_point": [place.zip_code[-2:] if "-" in place.zip_code else "" for place in places],
            "ssn_last4": Same(""),
        },
    )
    fresh = iter(ids)
    found = []
    for arrival in arrivals:
        customer = next(fresh) if arrival.newcomer is not None else arrival.customer_id
        if customer is None:
            raise Refused(
                "Nobody is named to answer for an account.", "Name a customer.", field="customer_id"
            )
        found.append(customer)
    return found


def _services(arrivals: Sequence[Arrival], before: Mapping[int, Account], accounts: Sequence[int]) -> None:
    """What the account before had on its last day."""
    had: dict[int, list[Service]] = {}
    for service in Service.objects.filter(account__in=list(before)).order_by("id"):
        if service.ends == before[service.account_id].ends:
            had.setdefault(service.account_id, []).append(service)
    rows: list[tuple[int, date, Service]] = [
        (account, arrival.on, service)
        for account, arrival in zip(accounts, arrivals, strict=True)
        for service in had.get(arrival.after_account_id, ())
    ]
    if rows:
        insert_columns(Service, _service_columns(rows))


def _service_columns(rows: Sequence[tuple[int, date, Service]]) -> dict[str, Any]:
    return {
        "account_id": [account for account, _, _ in rows],
        "service_type": [s.service_type for _, _, s in rows],
        "service_point_id": [s.service_point_id for _, _, s in rows],
        "rate_id": [s.rate_id for _, _, s in rows],
        "starts": [on for _, on, _ in rows],
        "units": [s.units for _, _, s in rows],
        "attributes": [json.dumps(s.attributes) for _, _, s in rows],
    }
