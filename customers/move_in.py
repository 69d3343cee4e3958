"""Somebody moves in: pending accounts that wait for their day, and taking over on it (MOV-01)."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q

from core.actors import Actor, system_actor
from core.errors import Conflict, NotFound, Refused
from core.models import Schedule
from core.operations import note, operation, under_way
from core.sealed import Typed
from core.search import refresh_keys
from core.seen import check
from core.tenancy import current_utility_id
from core.work.schedules import create_schedule
from customers.earlier import accepted, earlier_of, told
from customers.models import Account, MoveIn, Service
from customers.moving import Departure, turn_over
from customers.notes import add_note
from customers.opening import NewCustomer, answering
from customers.operations import add_service, open_account
from meters.models import ServicePoint
from rates.models import RateTable

NIGHTLY = "customers.take_over"
AT = "00:30"
_PROBLEM = 300
_SECRET = frozenset({"ssn", "licence"})


@dataclass(frozen=True, slots=True)
class Wished:
    """A service wished: its rate, and where it differs from what the customer before had."""

    rate_id: int
    service_point_id: int | None = None
    units: Decimal | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@operation("customers.move_in.ask", permission="customers.edit", quiet=_SECRET)
def ask_to_move_in(
    by: Actor,
    *,
    location_id: int,
    starts: date,
    customer_id: int | None = None,
    new_customer: NewCustomer | None = None,
    ssn: Typed | None = None,
    licence: Typed | None = None,
    services: Sequence[Wished] = (),
    owed_reason: str = "",
    number: str = "",
    category: str = "residential",
) -> int:
    """Somebody wants a location from a day on: a pending account that takes over by itself; the move-in's id.

    The customer is known or new, exactly one of them.  Without ``services`` the account gets those of the
    one before.  Raises ``Refused`` at ``owed_reason`` while earlier bills are unpaid and nobody says why the
    customer is taken all the same; ``Conflict`` when somebody waits for the location already.
    """
    if (customer_id is None) == (new_customer is None):
        raise Refused("Nobody is named to answer for the account.", "Name one customer.", field="customer_id")
    _nobody_waits(location_id)
    _known(services, location_id)
    earlier = earlier_of(
        ssn=ssn.plain if ssn else "", licence=licence.plain if licence else "", customer_id=customer_id
    )
    reason = accepted(earlier, owed_reason)
    if earlier.bills:
        note(owed=earlier.owed)
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
    made = _let_wait(by, account_id, services)
    if earlier.bills:
        add_note(by, account_id=account_id, text=told(earlier, reason), pinned=True)
    every_night()
    return int(made.id)


@operation("customers.move_in.change", permission="customers.edit", quiet=frozenset({"seen"}))
def change_move_in(
    by: Actor, *, move_in_id: int, starts: date, services: Sequence[Wished] | None = None, seen: str = ""
) -> int:
    """The customer comes on another day, or wants other services; returns the move-in's id.

    Without ``services`` those wished before stay.  A deposit taken stays with the account.  ``seen`` is the
    mark of what was shown (``core.seen``).  Raises ``Stale`` when somebody changed it since, ``Conflict``
    when it is over.
    """
    row = _waiting(move_in_id)
    account = row.account
    check(seen, row, move_in_values(row), rows={"starts": account})
    if services is not None:
        _known(services, row.account.location_id)
        row.services = _kept(services)
    account.starts, row.problem = starts, ""
    account.save(update_fields=["starts"])
    row.save(update_fields=["services", "problem"])
    refresh_keys("account", [account.id])
    return int(row.id)


def move_in_values(row: MoveIn) -> dict[str, Any]:
    """What the form of a move-in shows, by its fields."""
    return {"starts": row.account.starts, "services": [str(one["rate_id"]) for one in row.services]}


def _kept(services: Sequence[Wished]) -> list[dict[str, Any]]:
    return [{**asdict(one), "units": None if one.units is None else str(one.units)} for one in services]


def _let_wait(by: Actor, account_id: int, services: Sequence[Wished]) -> MoveIn:
    """The account is pending; what it is to have stands beside it."""
    account = Account.objects.get(id=account_id)
    account.pending = True
    account.save(update_fields=["pending"])
    return MoveIn.objects.create(
        account=account,
        services=_kept(services),
        asked_at=under_way().at,
        asked_by=by.ref,
    )


@operation("customers.move_in.withdraw", permission="customers.edit")
def withdraw_move_in(by: Actor, *, move_in_id: int) -> int:
    """The customer does not come; returns the move-in's id.  The account ends on the day it would have begun.

    A deposit taken on it stays held until it is refunded.  Raises ``Conflict`` when it is over already.
    """
    row = _waiting(move_in_id)
    account = row.account
    account.ends = account.starts
    account.save(update_fields=["ends"])
    _end(row, MoveIn.State.WITHDRAWN, by)
    refresh_keys("account", [account.id])
    return int(row.id)


@operation("customers.move_in.take_over", permission="customers.edit")
def take_over(by: Actor, *, move_in_id: int, on: date) -> int:
    """The pending account takes over the location on its day, which is ``on`` or before; its id.

    The account that is there ends that day with its services; the services go on under the new one.
    Raises ``Conflict`` when the account before was billed beyond that day or ends later, ``Refused`` before
    its day and when nobody knows which services to open.
    """
    row = _waiting(move_in_id)
    account = row.account
    day = account.starts
    if day > on:
        raise Refused(f"The account begins on {day:%b %-d, %Y}.", "Wait for its day.")
    there = Account.objects.filter(location=account.location_id, pending=False)
    present = there.filter(Q(ends=None) | Q(ends__gt=day)).first()
    if present is not None and present.ends is not None:
        raise Conflict(
            f"Account {present.number} ends only on {present.ends:%b %-d, %Y}.",
            "Withdraw this one and let it begin then.",
        )
    if present is not None:
        turn_over(by, departures=[Departure(present.id, day)], arrivals=[])
    before = there.filter(ends__lte=day).order_by("-ends", "-id").first()
    _open_services(by, row, before)
    account.pending = False
    account.save(update_fields=["pending"])
    row.after = before
    _end(row, MoveIn.State.DONE, by)
    refresh_keys("account", [account.id])
    refresh_keys("customer", [account.customer_id], alone=True)
    return int(account.id)


def take_over_or_tell(by: Actor, *, move_in_id: int, on: date) -> bool:
    """Take over, or keep on the move-in why it cannot be; whether it was done.  Inside an operation."""
    said = len(under_way().audit)
    try:
        with transaction.atomic():
            take_over(by, move_in_id=move_in_id, on=on)
    except (Refused, IntegrityError) as problem:
        del under_way().audit[said:]
        told = (
            str(problem) if isinstance(problem, Refused) else "A service point is in use by another account."
        )
        MoveIn.objects.filter(id=move_in_id).update(problem=told[:_PROBLEM])
        return False
    return True


def every_night() -> None:
    """See to it that move-ins are looked at each night: the utility's schedule, made with the first one."""
    if not Schedule.objects.filter(kind=NIGHTLY).exists():
        create_schedule(
            system_actor(current_utility_id()),
            name="Move-ins on their day",
            kind=NIGHTLY,
            rule={"every": "day", "at": AT},
        )


def _nobody_waits(location_id: int) -> None:
    waits = MoveIn.objects.filter(account__location=location_id, state=MoveIn.State.WAITING)
    found = waits.select_related("account__customer").first()
    if found is not None:
        raise Conflict(
            f"{found.account.customer.name} waits for that place from {found.account.starts:%b %-d, %Y}.",
            "Withdraw that first.",
            field="location_id",
        )


def _known(services: Sequence[Wished], location_id: int) -> None:
    wanted = {one.rate_id for one in services}
    if len(wanted) != RateTable.objects.filter(id__in=wanted).count():
        raise NotFound("There is no such rate.", "Choose from the list.", field="services")
    points = {one.service_point_id for one in services if one.service_point_id is not None}
    if len(points) != ServicePoint.objects.filter(id__in=points, location=location_id).count():
        raise NotFound("There is no such service point there.", "Choose one there.", field="services")


def _waiting(move_in_id: int) -> MoveIn:
    found = MoveIn.objects.select_for_update(of=("self",)).filter(id=move_in_id).first()
    if found is None:
        raise NotFound("There is no such move-in.", "Choose one from the list.")
    if found.state != MoveIn.State.WAITING:
        raise Conflict(f"That is over: {found.get_state_display().lower()}.", "Look at the account.")
    return found


def _end(row: MoveIn, state: str, by: Actor) -> None:
    row.state, row.ended_at, row.ended_by, row.problem = state, under_way().at, by.ref, ""
    row.save(update_fields=["state", "ended_at", "ended_by", "problem", "after"])


def _open_services(by: Actor, row: MoveIn, before: Account | None) -> None:
    """What was wished; as far as the account before had it, just as it was there."""
    had = list(Service.objects.filter(account=before, ends=before.ends).order_by("id")) if before else []
    if not had and not row.services:
        raise Refused("Nobody was there before whose services could go on.", "Withdraw it and name services.")
    wished: list[dict[str, Any]] = row.services or [{"rate_id": s.rate_id, "of": s.id} for s in had]
    for one in wished:
        same = next((s for s in had if one.get("of", s.id) == s.id and s.rate_id == one["rate_id"]), None)
        add_service(
            by,
            account_id=row.account_id,
            rate_id=one["rate_id"],
            starts=row.account.starts,
            service_point_id=one.get("service_point_id") or _point(row.account, one["rate_id"], same),
            units=Decimal(one.get("units") or (same.units if same else 1)),
            attributes=dict(one.get("attributes") or (same.attributes if same else {})),
        )


def _point(account: Account, rate_id: int, same: Service | None) -> int | None:
    """The point of the same service before, else the only one of that kind at the location."""
    if same is not None:
        point: int | None = same.service_point_id
        return point
    kind = RateTable.objects.get(id=rate_id).service_type
    points = list(ServicePoint.objects.filter(location=account.location_id, service_type=kind)[:2])
    return int(points[0].id) if len(points) == 1 else None
