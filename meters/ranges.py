"""Normal ranges of use and demand, by rate table or kind of service, and those of registers (MTR-07)."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from core.actors import Actor
from core.app_lists import gather
from core.errors import Conflict, NotFound, Refused
from core.operations import operation
from core.quantities import UNITS, as_decimal, convert
from meters.judging import NormalRange
from meters.models import Register, ServiceType, UseRange
from rates.models import RateTable

RatesOf = Callable[[Iterable[int], date], Mapping[int, int]]
"""The rate table (its id) that each register is billed at on a day."""

REGISTER_RATES: tuple[RatesOf, ...] = ()
"""An app that knows lists its function of that kind in ``<app>/ranges.py``."""

PLACES, HIGHEST = 3, Decimal(10_000_000_000)


def ranges_of(register_ids: Iterable[int], on: date) -> Mapping[int, NormalRange]:
    """The range of each register that has one: its rate's, else its service's, in its own unit.

    One query where a utility has no ranges, else three and one for each app that knows rates.
    """
    kept = list(UseRange.objects.select_related("rate").order_by("id"))
    if not kept:
        return {}
    ids = sorted(set(register_ids))
    rates: dict[int, int] = {}
    for rates_of in gather("ranges", "REGISTER_RATES"):
        rates |= rates_of(ids, on)
    by_rate, by_service = _sorted(kept)
    found = {}
    rows = Register.objects.filter(id__in=ids).values_list("id", "unit", "meter__service_type")
    for register_id, unit, service in rows:
        for one in (*by_rate.get(rates.get(register_id, 0), ()), *by_service.get(service, ())):
            if UNITS[one.unit].kind == UNITS[unit].kind:
                found[register_id] = NormalRange(
                    _in_unit(one.low, one.unit, unit), _in_unit(one.high, one.unit, unit), range_words(one)
                )
                break
    return found


def range_words(one: UseRange) -> str:
    """What a range belongs to: ``rate W-RES``, ``water``."""
    return f"rate {one.rate.code}" if one.rate else str(ServiceType(one.service_type).label).lower()


def _sorted(kept: Iterable[UseRange]) -> tuple[dict[int, list[UseRange]], dict[str, list[UseRange]]]:
    by_rate: dict[int, list[UseRange]] = {}
    by_service: dict[str, list[UseRange]] = {}
    for one in kept:
        if one.rate_id is not None:
            by_rate.setdefault(one.rate_id, []).append(one)
        else:
            by_service.setdefault(one.service_type, []).append(one)
    return by_rate, by_service


def _in_unit(figure: Decimal | None, source: str, target: str) -> Decimal | None:
    if figure is None or source == target:
        return figure
    return as_decimal(convert(figure, source, target))


@operation("meters.range.put", permission="meters.edit")
def put_range(
    by: Actor,
    *,
    service_type: str,
    unit: str,
    rate_id: int | None = None,
    low: Decimal | None = None,
    high: Decimal | None = None,
) -> int:
    """Keep the normal range of a rate or, without one, of a kind of service, in a unit; returns its id.

    It replaces the one that is there.  ``low`` and ``high`` are use in 30 days (a demand: at any reading);
    without either nothing is looked for.  Raises ``Refused`` at the field.
    """
    unit = unit.strip().upper()
    if unit not in UNITS:
        raise Refused(f"“{unit}” is no unit.", f"Use one of {', '.join(UNITS)}.", field="unit")
    if service_type not in ServiceType.values:
        raise Refused(f"“{service_type}” is no service.", "Choose one.", field="service_type")
    _checked(low, high)
    if rate_id is not None:
        rate = RateTable.objects.filter(id=rate_id).first()
        if rate is None:
            raise NotFound("There is no such rate.", "Choose one from the list.", field="rate_id")
        if rate.service_type != service_type:
            raise Refused(
                f"Rate {rate.code} is one for {rate.service_type}.",
                f"Choose a rate for {service_type}, or none.",
                field="rate_id",
            )
    _one_kind(service_type, rate_id, unit)
    key: dict[str, Any] = {"rate_id": rate_id, "unit": unit}
    if rate_id is None:
        key["service_type"] = service_type
    kept, _ = UseRange.objects.update_or_create(
        **key, defaults={"service_type": service_type, "low": low, "high": high}
    )
    return int(kept.id)


def _checked(low: Decimal | None, high: Decimal | None) -> None:
    for field, figure in (("low", low), ("high", high)):
        if figure is not None and not (0 <= figure <= HIGHEST and figure == round(figure, PLACES)):
            raise Refused(
                f"{figure} cannot be.",
                f"Type a figure from 0 with {PLACES} decimals at most, or leave it empty.",
                field=field,
            )
    if low is not None and high is not None and low >= high:
        raise Refused(f"{low} is not below {high}.", "Type a lower one, or leave it empty.", field="low")


def _one_kind(service_type: str, rate_id: int | None, unit: str) -> None:
    """Refuse a second range in another unit of the same kind: nobody could say which of them counts."""
    others = UseRange.objects.filter(service_type=service_type, rate=rate_id).exclude(unit=unit)
    for one in others:
        if UNITS[one.unit].kind == UNITS[unit].kind:
            raise Conflict(
                f"There is a range in {UNITS[one.unit].label} already.", "Change that one.", field="unit"
            )
