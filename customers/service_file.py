"""A service on an account is changed: its rate, what the rate asks for, its days (CUS-04, CUS-08)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q

from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import note, operation
from core.seen import check
from customers.models import Service
from customers.operations import room_for_one_more
from customers.service_uses import service_uses
from meters.models import Installation, Reading, Register
from rates.models import RateTable

CHANGED = frozenset({"rate_id", "units", "attributes", "starts", "ends"})
"""What of a service may be changed."""

MOST_UNITS = Decimal(9_999_999)
_PRICED = frozenset({"rate_id", "units", "attributes"})


def service_values(service: Service) -> dict[str, Any]:
    """What the form of a service shows, by its fields: ``is_…`` and ``n_…`` are what the rate asks for."""
    asked = {
        f"{'is' if isinstance(value, str) else 'n'}_{name}": value
        for name, value in service.attributes.items()
    }
    days = {"starts": service.starts, "ends": service.ends}
    return {"rate": service.rate.code, "units": service.units, **days, **asked}


def unbilled_from(service: Service) -> date:
    """The first day of the service that no bill has charged."""
    return service.billed_to or service.came_billed_to or service.starts


@operation("customers.service.change", permission="customers.edit", quiet=frozenset({"seen"}))
def change_service(
    by: Actor,
    *,
    service_id: int,
    changes: Mapping[str, Any],
    since: date | None = None,
    seen: str = "",
) -> int:
    """Change what is named in ``changes`` (``CHANGED``) of a service; returns the id of the one that goes on.

    Rate, units and attributes count for everything that is not billed yet.  With ``since``, a day in it, the
    service ends that day as it was and a new one goes on from it: each is billed by itself, and where there
    is a meter it must have been read that day.  ``ends`` (``None``: without an end) is the first day that is
    not charged any more.  Bills under review are made again.  Raises ``Refused`` at the field, ``Conflict``
    for days that are billed or approved, ``Stale`` when somebody changed it since ``seen``.
    """
    service = _locked(service_id)
    check(seen, service, service_values(service), columns=_columns(service))
    changes = {name: value for name, value in changes.items() if _differs(service, name, value)}
    for use in service_uses():
        use.check(service)
    was_ends = service.ends
    if "starts" in changes:
        _put_start(service, changes["starts"])
    priced = {name: value for name, value in changes.items() if name in _PRICED}
    _checked_price(service, priced)
    if since is not None and since != unbilled_from(service):
        service = _go_on(service, since, priced)
    for name, value in priced.items():
        setattr(service, name, value)
    if "ends" in changes:
        service.ends = changes["ends"]
    if service.ends != was_ends:
        _check_end(service, was_ends)
    service.save()
    for use in service_uses():
        use.follow(service)
    note(service=service.id, account=service.account.number)
    return int(service.id)


def _locked(service_id: int) -> Service:
    rows = Service.objects.select_for_update(of=("self",)).select_related("account", "rate", "service_point")
    found = rows.filter(id=service_id).first()
    if found is None:
        raise NotFound("There is no such service.", "Choose it on the page of its account.")
    return found


def _columns(service: Service) -> dict[str, str]:
    """The columns of the form's fields whose names differ."""
    asked = [name for name in service_values(service) if name.startswith(("is_", "n_"))]
    return {"rate": "rate_id", **dict.fromkeys(asked, "attributes")}


def _differs(service: Service, name: str, value: Any) -> bool:
    if name not in CHANGED:
        raise Refused(f"“{name}” of a service is not changed here.", "Leave it out.", field=name)
    return bool(getattr(service, name) != value)


def _checked_price(service: Service, priced: Mapping[str, Any]) -> None:
    """Refuse a rate for something else, and units that cannot be."""
    if "rate_id" in priced:
        rate = RateTable.objects.filter(id=priced["rate_id"]).first()
        if rate is None:
            raise NotFound("There is no such rate.", "Choose one from the list.", field="rate_id")
        if rate.service_type != service.service_type:
            raise Refused(
                f"Rate {rate.code} is one for {rate.service_type}, the service is {service.service_type}.",
                "Choose a rate of the same kind, or end this service and put another one on.",
                field="rate_id",
            )
    units = priced.get("units", service.units)
    if not 0 <= units <= MOST_UNITS or units != round(units, 3):
        raise Refused(
            f"{units} units cannot be.",
            f"Type 0 to {MOST_UNITS:,}, with three decimals at most.",
            field="units",
        )


def _put_start(service: Service, starts: date) -> None:
    """Another first day, as long as nothing was billed."""
    billed = service.billed_to or service.came_billed_to
    if billed is not None:
        raise Conflict(
            f"It is billed up to {billed:%b %-d, %Y}, so its first day stays {service.starts:%b %-d, %Y}.",
            "Leave it, or cancel the bill first.",
            field="starts",
        )
    account = service.account
    if starts < account.starts or (account.ends is not None and starts >= account.ends):
        raise Refused(
            f"{starts:%b %-d, %Y} is not a day of account {account.number}.",
            f"Choose {account.starts:%b %-d, %Y} or a later day.",
            field="starts",
        )
    if service.ends is not None and starts >= service.ends:
        raise Refused(
            f"It ends on {service.ends:%b %-d, %Y}, before that.", "Choose an earlier day.", field="starts"
        )
    service.starts = starts
    _point_is_free(service, "starts")


def _go_on(service: Service, since: date, priced: Mapping[str, Any]) -> Service:
    """The service ends on the day; the one that goes on from it, not stored yet."""
    if not priced:
        raise Refused(
            "Neither the rate nor what it asks for is different from that day on.",
            "Change one of them, or leave the day empty.",
            field="since",
        )
    begins = unbilled_from(service)
    if since < begins or (service.ends is not None and since >= service.ends):
        raise Conflict(
            f"{since:%b %-d, %Y} is not a day of the service that is still to be billed.",
            f"Choose a day after {begins:%b %-d, %Y}, or leave it empty: the change then counts from there.",
            field="since",
        )
    _read_that_day(service, since, "since")
    ends, service.ends = service.ends, since
    service.save(update_fields=["ends"])
    return Service(
        account=service.account,
        service_type=service.service_type,
        service_point_id=service.service_point_id,
        rate=service.rate,
        starts=since,
        ends=ends,
        units=service.units,
        attributes=service.attributes,
    )


def _check_end(service: Service, was: date | None) -> None:
    """Whether the service may end (or go on) as it now says."""
    account, ends = service.account, service.ends
    if ends is not None and ends <= service.starts:
        raise Refused(
            f"It begins on {service.starts:%b %-d, %Y}.", "Let it end on a later day.", field="ends"
        )
    billed = service.billed_to or service.came_billed_to
    if ends is not None and billed is not None and ends < billed:
        raise Conflict(
            f"It is billed up to {billed:%b %-d, %Y}.",
            "Let it end on that day or later, or cancel the bill first.",
            field="ends",
        )
    if account.ends is not None and (ends is None or ends > account.ends):
        raise Refused(
            f"Account {account.number} ends on {account.ends:%b %-d, %Y}, and with it its services.",
            "Choose that day or an earlier one.",
            field="ends",
        )
    if ends is not None and ends != account.ends:
        _read_that_day(service, ends, "ends")
    if was is not None and (ends is None or ends > was):
        room_for_one_more(account, was, metered=service.service_point_id is not None)
        _point_is_free(service, "ends")


def _point_is_free(service: Service, field: str) -> None:
    """Raise ``Conflict`` when another service has the point on days of this one."""
    if service.service_point_id is None:
        return
    others = Service.objects.filter(service_point=service.service_point_id).exclude(id=service.id)
    others = others.filter(Q(ends=None) | Q(ends__gt=service.starts))
    if service.ends is not None:
        others = others.filter(starts__lt=service.ends)
    other = others.select_related("account").order_by("starts").first()
    if other is not None:
        raise Conflict(
            f"Account {other.account.number} has a service at that point from {other.starts:%b %-d, %Y}.",
            "Choose a day before that.",
            field=field,
        )


def _read_that_day(service: Service, on: date, field: str) -> None:
    """Refuse a day on which the meter was not read: the use of the days around it would belong to nobody."""
    if service.service_point_id is None:
        return
    there = Installation.objects.filter(service_point=service.service_point_id, starts__lt=on)
    there = there.filter(Q(ends=None) | Q(ends__gt=on))
    registers = list(Register.objects.filter(meter__in=there.values("meter")).select_related("meter"))
    read = Reading.objects.filter(register__in=registers, on=on, is_live=True)
    unread = {r.id for r in registers} - set(read.values_list("register_id", flat=True))
    if unread:
        number = next(r.meter.number for r in registers if r.id in unread)
        raise Refused(
            f"Meter {number} has no reading of {on:%b %-d, %Y}.",
            "Enter that reading first, or choose a day on which it was read.",
            field=field,
        )
