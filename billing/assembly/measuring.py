"""What the registers of a service measured: the use, and the numbers that are read beside it.  Pure."""

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction

from billing.assembly.facts import RegisterFacts, ServiceFacts
from billing.assembly.results import UsedReading
from core.quantities import UNITS, convert
from rates.engine import ServiceUse

_FINE = Context(prec=60)
_PEAKS = {"P": "on_peak", "O": "off_peak"}
_UNNAMED = frozenset({"", "L", "H", "E", "D"})
"""Codes of registers whose figures need no name of their own beside the use and the demand."""


class Unbillable(Exception):
    """One service cannot be billed; becomes the bill's hold, with ``reason`` and ``detail``."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason, self.detail = reason, detail


def measured(service: ServiceFacts) -> tuple[list[UsedReading], ServiceUse | None]:
    """What each register counted, those of the use first; and the use, in the first register's unit.

    Registers of demand (kW, kVA) and of reactive energy are no use.  Raises ``Unbillable`` for a metered
    service without a meter, without a reading, or with a dial that went backwards.
    """
    if not service.metered:
        return [], None
    if not service.registers:
        raise Unbillable(
            "no_meter", f"The {service.service_type} service has no meter. Install one, or make it flat."
        )
    registers = sorted(service.registers, key=lambda r: not r.is_use)
    used = [_counted(service, r) for r in registers]
    return used, added([ServiceUse(u.use, u.unit) for r, u in zip(registers, used, strict=True) if r.is_use])


def numbers_of(service: ServiceFacts) -> Mapping[str, Decimal]:
    """What a rate table may ask of its registers besides the use, by name.

    ``kw``, ``kva``: the highest demand of the period, of all meters there were.  ``kvarh``: what they counted
    together.  ``on_peak_kwh``, ``off_peak_kw`` …: the same of the registers of these hours.
    """
    found: dict[str, Decimal] = {}
    for r in service.registers:
        if not r.to_id:
            continue
        figure = r.gone().use
        for name in _names(r):
            before = found.get(name)
            if before is None:
                found[name] = figure
            else:
                found[name] = max(before, figure) if r.is_demand else before + figure
    return found


def _names(r: RegisterFacts) -> Sequence[str]:
    unit = r.unit.lower()
    names = [] if r.is_use else [unit]
    if r.code not in _UNNAMED:
        names.append(f"{_PEAKS.get(r.code, r.code.lower())}_{unit}")
    return names


def added(uses: Sequence[ServiceUse]) -> ServiceUse | None:
    """Several uses together, exactly, in the unit of the first; nothing without any.

    A use of another unit that does not end there (gallons of a cubic-foot meter) keeps 60 digits: a table
    that counts in its own unit finds it again, and “up” to whole units adds nothing.
    """
    if not uses:
        return None
    unit = uses[0].unit
    if all(use.unit == unit for use in uses):
        return ServiceUse(sum((use.use for use in uses), Decimal(0)), unit)
    whole = sum((convert(use.use, use.unit, unit) for use in uses), Fraction(0))
    return ServiceUse(_FINE.divide(Decimal(whole.numerator), Decimal(whole.denominator)), unit)


def of_one_kind(before: ServiceUse | None, use: ServiceUse) -> ServiceUse:
    """The use of all services of one kind, for a rate that looks at it."""
    if before is None or UNITS[use.unit].kind != UNITS[before.unit].kind:
        return use
    return added((before, use)) or use


def _counted(service: ServiceFacts, r: RegisterFacts) -> UsedReading:
    if not r.to_id:
        raise Unbillable(
            "missing_reading",
            f"There is no reading of the {service.service_type} meter after {r.from_on:%b %-d, %Y}."
            " Enter one, or an estimate.",
        )
    gone = r.gone()
    if gone.kind == "backwards" and not r.may_run_backwards:
        raise Unbillable(
            "backwards",
            f"The {service.service_type} meter went from {r.from_dial} back to {r.to_dial}. Read it again.",
        )
    days = (r.to_on - r.from_on).days
    ids = (service.service_id, r.register_id, r.from_id, r.to_id)
    return UsedReading(*ids, gone.use, r.unit, r.to_on, days, r.source)
