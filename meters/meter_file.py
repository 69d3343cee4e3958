"""Writes to the meter file: what a meter is, how its registers count, what was paid to connect it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import operation
from core.quantities import UNITS
from core.search import refresh_keys
from core.seen import check
from core.texts import Text, kept_texts
from meters.models import ConnectionFee, Meter, Register, ServicePoint, ServiceType
from meters.usage import BESIDE

METER_TEXTS = (
    Text("number", "Meter number", 24, needed=True, help="As it stands on the meter."),
    Text("size", "Size, inches", 10, help="As rate tables name it: 5/8, 3/4, 1, 1 1/2 …"),
    Text("serial", "Serial", 30, help="The maker’s number."),
    Text("kind", "Type", 12, codes="meter_type"),
    Text("brand", "Brand", 30),
    Text("style", "Style", 30),
    Text("endpoint", "Endpoint", 20, help="The radio’s number."),
    Text("place_text", "Where it sits", 60, help="Front left, behind the garage …"),
    Text("master", "Master meter", 24, help="The number of the meter that its use flows through as well."),
)
"""The texts of the meter file, for form, endpoint and operation."""

RECEIPT = Text("receipt", "Receipt", 20)
DATES = ("cut_on", "cut_off")
PARTS = ("", "high_", "third_", "fourth_")
"""How the fields of the first, second … register begin."""
MOST_REGISTERS, MOST_DIALS, MOST_DEAD_ZEROS = 4, 9, 4
MOST_MULTIPLIER = Decimal(100_000)


@dataclass(frozen=True, slots=True)
class RegisterOf:
    """How a register counts.  ``code`` is blank for the only one, else one of ``meters.usage.REGISTERS``."""

    unit: str
    code: str = ""
    dials: int = 6
    multiplier: Decimal = Decimal(1)
    dead_zeros: int = 0
    may_run_backwards: bool = False


def registers_as_they_are(meter: Meter) -> list[RegisterOf]:
    """How the registers of a meter count, by their codes."""
    return [
        RegisterOf(r.unit, r.code, r.dials, r.multiplier, r.dead_zeros, r.may_run_backwards)
        for r in Register.objects.filter(meter=meter).order_by("code")
    ]


@operation("meters.meter.add", permission="meters.edit")
def add_meter(
    by: Actor,
    *,
    texts: Mapping[str, str],
    registers: Sequence[RegisterOf],
    service_type: str = "water",
    dates: Mapping[str, date | None] | None = None,
) -> int:
    """A new meter, in store until it is installed; returns its id.

    ``texts`` are those of ``METER_TEXTS``, ``dates`` the days of the last cut-on and cut-off.  Raises
    ``Conflict`` for a number that is taken, ``Refused`` at the field that is too long, unknown or cannot be.
    """
    if service_type not in ServiceType.values:
        raise Refused(f"“{service_type}” is no service.", "Choose one.", field="service_type")
    made = Meter(service_type=service_type)
    _put(made, {"number": "", **texts}, dates or {})
    for one in counted(registers):
        Register.objects.create(meter=made, **asdict(one))
    refresh_keys("meter", [made.id])
    return int(made.id)


@operation("meters.meter.change", permission="meters.edit", quiet=frozenset({"seen"}))
def change_meter(
    by: Actor,
    *,
    meter_id: int,
    texts: Mapping[str, str] | None = None,
    dates: Mapping[str, date | None] | None = None,
    registers: Sequence[RegisterOf] = (),
    seen: str = "",
) -> int:
    """What the file says of a meter is something else; returns its id.  What is not named stays.

    Its readings stay with it whatever number it gets.  A register is told by its code; none is taken away.
    ``seen`` is the mark of what was shown (``core.seen``).  Raises as ``add_meter``, and ``Stale`` when
    somebody changed it since.
    """
    found = Meter.objects.select_for_update().filter(id=meter_id).first()
    if found is None:
        raise NotFound("There is no such meter.", "Find it by its number.")
    _check_seen(seen, found)
    _put(found, texts or {}, dates or {})
    if registers:
        named = {one.code.strip().upper() for one in registers}
        kept = [one for one in registers_as_they_are(found) if one.code not in named]
        there = {r.code: r for r in Register.objects.filter(meter=found)}
        for one in counted([*registers, *kept]):
            row = there.get(one.code) or Register(meter=found)
            for name, value in asdict(one).items():
                setattr(row, name, value)
            row.save()
    refresh_keys("meter", [found.id])
    return int(found.id)


def shown_values(meter: Meter) -> dict[str, Any]:
    """What the form of a meter shows, by its fields; those of its registers begin as ``PARTS`` says."""
    texts = {one.name: getattr(meter, one.name) for one in METER_TEXTS}
    texts["master"] = meter.master.number if meter.master else ""
    counts = {
        f"{part}{name}": value
        for part, one in zip(PARTS, registers_as_they_are(meter), strict=False)
        for name, value in asdict(one).items()
        if name != "code"
    }
    return {**texts, **{name: getattr(meter, name) for name in DATES}, **counts}


def _check_seen(seen: str, meter: Meter) -> None:
    if not seen:
        return
    names = [one for one in asdict(RegisterOf("")) if one != "code"]
    rows = list(Register.objects.filter(meter=meter).order_by("code"))
    check(
        seen,
        meter,
        shown_values(meter),
        columns={"master": "master_id", **{f"{part}{name}": name for part in PARTS for name in names}},
        rows={f"{part}{name}": row for part, row in zip(PARTS, rows, strict=False) for name in names},
    )


@operation("meters.fee.put", permission="meters.edit")
def put_fee(
    by: Actor, *, service_point_id: int, kind: str, paid_on: date, amount: Decimal, receipt: str = ""
) -> int:
    """Note the tap or impact fee of a service point, or correct it; returns its id.

    It says what was paid when the place was connected; nothing is charged by it.
    """
    if not ServicePoint.objects.filter(id=service_point_id).exists():
        raise NotFound("There is no such service point.", "Choose it on the page of its location.")
    if kind not in ConnectionFee.Kind.values:
        raise Refused(f"“{kind}” is no connection fee.", "Use tap or impact.", field="kind")
    if amount < 0:
        raise Refused("The amount is below zero.", "Type what was paid.", field="amount")
    kept = kept_texts((RECEIPT,), {"receipt": receipt})
    fee, _ = ConnectionFee.objects.update_or_create(
        service_point_id=service_point_id, kind=kind, defaults={"paid_on": paid_on, "amount": amount, **kept}
    )
    return int(fee.id)


def _put(meter: Meter, texts: Mapping[str, str], dates: Mapping[str, date | None]) -> None:
    """Texts and days as they are kept."""
    before = {one.name: getattr(meter, one.name) for one in METER_TEXTS if one.name != "master"}
    kept = kept_texts(METER_TEXTS, texts, before)
    number = kept.get("number", meter.number)
    if Meter.objects.filter(number=number).exclude(id=meter.id).exists():
        raise Conflict(f"There is a meter {number} already.", "Choose another number.", field="number")
    if "master" in kept:
        meter.master = _master(kept.pop("master"), meter)
    for name, text in kept.items():
        setattr(meter, name, text)
    for name, day in dates.items():
        if name not in DATES:
            raise Refused(f"There is no day “{name}” here.", "Leave it out.", field=name)
        setattr(meter, name, day)
    meter.save()


def _master(number: str, meter: Meter) -> Meter | None:
    if not number:
        return None
    master = Meter.objects.filter(number=number).first()
    if master is None:
        raise Refused(f"There is no meter {number}.", "Type the number of a meter.", field="master")
    above: Meter | None = master
    while above is not None:
        if above.id == meter.id:
            raise Refused("A meter is not behind itself.", "Choose another master meter.", field="master")
        above = above.master
    return master


def counted(registers: Sequence[RegisterOf]) -> list[RegisterOf]:
    """The registers as they are kept; raises ``Refused`` at the field of the one that cannot be."""
    if not 1 <= len(registers) <= MOST_REGISTERS:
        raise Refused(
            f"A meter has 1 to {MOST_REGISTERS} registers; here are {len(registers)}.",
            "Name each register once.",
            field="registers",
        )
    kept = [_one_counted(one) for one in registers]
    codes = [one.code for one in kept]
    if len(set(codes)) < len(codes) or (len(codes) > 1 and "" in codes):
        raise Refused(
            "The registers of a meter need a letter each, by what they are for.",
            "Use L and H for the sides of a compound meter, P and O for on and off peak, E and D for energy"
            " and demand.",
            field="registers",
        )
    if len({UNITS[one.unit].kind for one in kept} - BESIDE) > 1:
        raise Refused(
            "The registers measure different things.",
            "Give them units that can be added up; a demand may stand beside them.",
            field="unit",
        )
    return kept


def _one_counted(one: RegisterOf) -> RegisterOf:
    code, unit = one.code.strip().upper(), one.unit.strip().upper()
    exact = one.multiplier == round(one.multiplier, 4)
    for right, field, problem, remedy in (
        (len(code) < 2 and (not code or code.isalnum()), "code", f"“{code}” is no register.", "Use L or H."),
        (unit in UNITS, "unit", f"“{unit}” is no unit.", f"Use one of {', '.join(UNITS)}."),
        (1 <= one.dials <= MOST_DIALS, "dials", f"{one.dials} dials cannot be.", f"Type 1 to {MOST_DIALS}."),
        (
            0 <= one.dead_zeros <= MOST_DEAD_ZEROS,
            "dead_zeros",
            f"{one.dead_zeros} dead zeros cannot be.",
            f"Type 0 to {MOST_DEAD_ZEROS}.",
        ),
        (
            0 < one.multiplier <= MOST_MULTIPLIER and exact,
            "multiplier",
            f"A multiplier of {one.multiplier} cannot be.",
            f"Type one above 0, up to {MOST_MULTIPLIER:,} with 4 decimals at most.",
        ),
    ):
        if not right:
            raise Refused(problem, remedy, field=field)
    return RegisterOf(unit, code, one.dials, one.multiplier, one.dead_zeros, one.may_run_backwards)
