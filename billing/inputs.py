"""What a bill was made from: what was measured, by which reading, from which file; what else, kept where."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from billing.assembly import AccountFacts, RegisterFacts, ServiceFacts
from billing.assembly.measuring import numbers_of
from core.links import screen
from core.origins import Origin, origins_of
from core.quantities import UNITS
from meters.models import Reading, Register
from meters.usage import register_words
from rates.engine import Tariff

_CLASSES = {"inside": "inside the city limits", "outside": "outside the city limits"}


class Input(NamedTuple):
    """A fact that the table asks for, in words, where it is kept, and the page of that place."""

    label: str
    value: str
    kept: str
    url: str = ""


class Places(NamedTuple):
    """Where the facts of an account are kept."""

    account: str
    location: str


class ReadingShown(NamedTuple):
    """A reading as it was taken: its day, dial, source in words, and where it came from."""

    id: int
    on: date
    dial: str
    source: str
    origin: Origin


@dataclass(frozen=True, slots=True)
class Measured:
    """A register between two readings.  ``how`` is the subtraction, zeros and multiplier as a sentence."""

    meter: str
    register: str
    previous: ReadingShown
    present: ReadingShown
    digits: int
    dead_zeros: int
    multiplier: Decimal
    use: Decimal
    unit: str
    days: int
    rolled_over: bool
    how: str

    @property
    def both(self) -> tuple[ReadingShown, ReadingShown]:
        """The two readings, the earlier first."""
        return self.previous, self.present


def measured_by(facts: AccountFacts, may: Callable[[str], bool]) -> dict[int, tuple[Measured, ...]]:
    """What each metered service of the facts measured; three queries, and one for each kind of origin."""
    registers = [
        (s.service_id, r)
        for s in facts.services
        for r in sorted(s.registers, key=lambda r: not r.is_use)
        if r.to_id
    ]
    readings = Reading.objects.in_bulk([i for _, r in registers for i in (r.from_id, r.to_id)])
    meters = {
        r.id: r
        for r in Register.objects.filter(id__in={r.register_id for _, r in registers}).select_related("meter")
    }
    origins = origins_of((r.came_from for r in readings.values()), may)
    found: dict[int, tuple[Measured, ...]] = {}
    for service_id, register in registers:
        one = _measured(register, meters.get(register.register_id), readings, origins)
        found[service_id] = (*found.get(service_id, ()), one)
    return found


def _measured(
    r: RegisterFacts, register: Any, readings: Mapping[int, Reading], origins: Mapping[str, Origin]
) -> Measured:
    gone = r.gone()
    over = r.to_dial < r.from_dial and not r.may_run_backwards and not r.is_demand
    days = (r.to_on - r.from_on).days
    return Measured(
        meter=register.meter.number if register else "",
        register=register_words(register.code if register else ""),
        previous=_reading(r.from_id, r.from_on, r.from_dial, readings, origins),
        present=_reading(r.to_id, r.to_on, r.to_dial, readings, origins),
        digits=r.digits,
        dead_zeros=r.dead_zeros,
        multiplier=without_zeros(r.multiplier),
        use=without_zeros(gone.use),
        unit=_unit(r.unit),
        days=days,
        rolled_over=over,
        how=_how(r, gone.use, over, days),
    )


def _reading(
    reading_id: int,
    on: date,
    dial: Decimal,
    readings: Mapping[int, Reading],
    origins: Mapping[str, Origin],
) -> ReadingShown:
    row = readings.get(reading_id)
    source = str(Reading.Source(row.source).label) if row else ""
    origin = origins.get(row.came_from, Origin("")) if row else Origin("")
    return ReadingShown(reading_id, on, _plain(dial), source, origin)


def _how(r: RegisterFacts, use: Decimal, over: bool, days: int) -> str:
    """``1,209 less 1,204 is 5; 2 dead zeros make it 500; times the meter's 10 makes 5,000 gallons …``"""
    steps = r.to_dial - r.from_dial
    said = f"{_plain(r.to_dial)} less {_plain(r.from_dial)} is {_plain(steps)}"
    if r.is_demand:
        steps = r.to_dial
        said = f"The highest shown is {_plain(steps)}"
    if over:
        turn = Decimal(10) ** r.digits
        steps += turn
        said = "The dial went over its highest figure and began again: "
        said += f"{_plain(turn)} less {_plain(r.from_dial)}, and {_plain(r.to_dial)}, is {_plain(steps)}"
    if r.dead_zeros:
        zeros = "1 dead zero makes" if r.dead_zeros == 1 else f"{r.dead_zeros} dead zeros make"
        said += f"; {zeros} it {_plain(steps * Decimal(10) ** r.dead_zeros)}"
    if r.multiplier != 1:
        said += f"; times the meter's {_plain(r.multiplier)} makes {_plain(use)}"
    return f"{said} {_unit(r.unit)} in {days} days."


def inputs_of(
    service: ServiceFacts,
    facts: AccountFacts,
    tariff: Tariff | None,
    places: Places,
    measured: Sequence[Measured],
) -> tuple[Input, ...]:
    """What the table asks of the account besides use, as it stood when the bill was prepared."""
    return tuple(_inputs(service, facts, tariff, places, measured)) if tariff is not None else ()


def _inputs(
    service: ServiceFacts,
    facts: AccountFacts,
    tariff: Tariff,
    places: Places,
    measured: Sequence[Measured],
) -> Iterator[Input]:
    account = screen("customers:account", places.account)
    asked = tariff.attributes | tariff.numbers
    if "class" in asked:
        yield Input("Class", facts.category, "with the account", account)
    if "location" in asked:
        where = _CLASSES["inside" if facts.inside else "outside"]
        at = screen("meters:location", places.location)
        yield Input("Place", where, "with the service address", at)
    if "meter_size" in asked:
        url = screen("meters:meter", measured[-1].meter) if measured and measured[-1].meter else ""
        yield Input("Meter size", service.meter_size or "none", "with the meter", url)
    if "units" in asked or service.units != 1:
        yield Input("Units served", _plain(service.units), "with the service", f"{account}?tab=services")
    if "bank_draft" in asked and "bank_draft" not in service.attributes:
        words = "yes" if facts.bank_draft else "no"
        yield Input("Paid by bank draft", words, "with the account", f"{account}?tab=file")
    read = numbers_of(service)
    for name in sorted((asked & read.keys()) - service.attributes.keys()):
        yield Input(_of_register(name), _plain(read[name]), "read on the meter")
    for name in sorted(asked & set(service.attributes)):
        value = service.attributes[name]
        shown = value if isinstance(value, str) else _plain(Decimal(str(value)))
        words = name.replace("_", " ").capitalize()
        yield Input(words, shown, "with the service", f"{account}?tab=services")
    for code in sorted(tariff.tax_codes & set(facts.exempt_tax_codes)):
        yield Input("Exempt from tax", code, "with the account", account)


def _of_register(name: str) -> str:
    """``Demand, kW`` for ``kw``; ``On peak, kWh`` for ``on_peak_kwh``."""
    of, _, unit = name.rpartition("_")
    words = of.replace("_", " ").capitalize() or "Demand"
    return f"{words}, {_unit(unit.upper())}"


def _unit(code: str) -> str:
    return UNITS[code].label if code in UNITS else code


def without_zeros(value: Decimal) -> Decimal:
    """The same figure without zeros at its end, also where ``normalize`` would write 5E+2."""
    return Decimal(f"{value.normalize():f}")


def _plain(value: Decimal) -> str:
    return f"{value.normalize():,f}"
