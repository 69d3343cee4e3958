"""Changing a shared value: a draft of every table concerned, which a second person puts in force."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from core.actors import Actor
from core.errors import Conflict, Refused
from core.operations import note, operation
from rates.models import RateTable
from rates.operations import activate_version, draft_version
from rates.shared.queries import In, Shared, shared_value
from rates.shared.values import KINDS, Kind, changed

_HUNDRED = Decimal(100)
_PLACES, _MOST = 8, Decimal(100_000)


@operation("rates.shared.change", permission="rates.edit")
def change_shared_value(
    by: Actor, *, kind: str, name: str, value: Decimal, starts: date, rates: Sequence[str], source: str = ""
) -> list[int]:
    """Write a draft from ``starts`` on for each of the tables ``rates`` (codes); returns the drafts' ids.

    ``kind`` is ``tax`` (``name`` its tax code, ``value`` per cent) or ``rider`` (the id of the charge, its
    price).  All are made or none.  Raises ``Conflict`` when a draft of such a table waits already or a later
    version is in force, ``Refused`` at the field, also for what no table has.
    """
    sort = KINDS.get(kind)
    found = shared_value(kind, name, starts) if sort else None
    if sort is None or found is None:
        raise Refused(
            f"No table in force on {starts:%b %-d, %Y} has the {kind} “{name}”.",
            "Choose one of the taxes and riders.",
            field="name",
        )
    value = Decimal(f"{value.normalize():f}")  # 5.000 is written 5, and 1E+1 as 10
    _check_value(sort, value)
    concerned = _concerned(found, rates)
    for one in concerned:
        _check_table(one, value, starts)
    note(drafts=len(concerned))
    return [
        draft_version(
            by,
            table_id=one.version.table_id,
            content=changed(one.version.content, sort, name, value, starts),
            starts=starts,
            source=source or f"{one.held.text}: {value:f}{sort.unit and ' '}{sort.unit}",
        )
        for one in concerned
    ]


@operation("rates.shared.activate", permission="rates.activate")
def activate_together(by: Actor, *, version_ids: Sequence[int]) -> list[int]:
    """Put several drafts in force at once, all or none; returns their ids.

    Each is judged as by itself (``activate_version``): prepared by another person, no gap, nothing that the
    lint stops.  Drafts that start before posted bills are put in force one by one.
    """
    if not version_ids:
        raise Refused("No draft is chosen.", "Tick at least one.", field="version_ids")
    return [activate_version(by, version_id=version_id) for version_id in version_ids]


def _check_value(kind: Kind, value: Decimal) -> None:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -_PLACES:
        raise Refused(f"{value} has more than {_PLACES} places.", "Type fewer.", field="value")
    if kind.code == "tax" and not 0 <= value <= _HUNDRED:
        raise Refused(f"{value} is no per cent of a tax.", "Type 0 to 100.", field="value")
    if abs(value) > _MOST:
        raise Refused(f"{value} is no price of a rider.", "Type the price for its unit.", field="value")


def _concerned(found: Shared, rates: Sequence[str]) -> list[In]:
    by_code = {one.code: one for one in found.tables}
    unknown = [code for code in rates if code not in by_code]
    if unknown:
        known = RateTable.objects.filter(code=unknown[0]).exists()
        why = f"does not have {found.text}" if known else "does not exist"
        raise Refused(f"Rate {unknown[0]} {why}.", f"Choose of {', '.join(sorted(by_code))}.", field="rates")
    if not rates:
        raise Refused("No table is chosen.", "Tick at least one.", field="rates")
    return [by_code[code] for code in dict.fromkeys(rates)]


def _check_table(one: In, value: Decimal, starts: date) -> None:
    at = f"Rate {one.code}"
    if one.draft_id is not None:
        raise Conflict(
            f"{at}: a draft waits already.", "Put it in force or withdraw it first.", field="rates"
        )
    if one.version.ends is not None:
        raise Conflict(
            f"{at}: another version is in force from {one.version.ends:%b %-d, %Y} on.",
            "Choose a day after it, and change that version.",
            field="starts",
        )
    if one.version.starts >= starts:
        raise Refused(f"{at}: its version starts on that day itself.", "Choose a later day.", field="starts")
    if one.held.value is None:
        raise Refused(
            f"{at}: {one.held.text} is not one figure for all of its customers.",
            "Change it in the table itself, and take the table out here.",
            field="rates",
        )
    if one.held.value == value:
        raise Refused(
            f"{at}: {one.held.text} is {value:f} already.",
            "Take the table out, or type another.",
            field="value",
        )
