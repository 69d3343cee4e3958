"""What a bill is made from.  The JSON form is kept with the bill (≤ 1 kB for three services).  Pure.

What was added to the form later stands behind what was there, and only where there is any: facts of the
past must stay what they are.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from meters.usage import Advance, Dial, counted, is_demand, is_use

_SIDES = ("", "L", "H")
"""Codes of registers that need not be told apart by a rate table: the only one, low and high side."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for every bill of a run.

    ``starts``/``ends``: the period ``[starts, ends)`` of flat services.  ``hold_over``: dollars above
    which a bill is held for a second look.  ``max_days``: a longer period is held.
    """

    starts: date
    ends: date
    hold_over: Decimal
    max_days: int


@dataclass(frozen=True, slots=True)
class RegisterFacts:
    """Two readings of one register and what its dial is; ``to_id`` of 0 means none was taken.

    ``part_of`` is the compound meter that it is a register of, 0 for the only register of a meter.
    """

    register_id: int
    unit: str
    digits: int
    multiplier: Decimal
    may_run_backwards: bool
    from_id: int
    from_on: date
    from_dial: Decimal
    to_id: int
    to_on: date
    to_dial: Decimal
    source: str
    rolled_over: bool
    dead_zeros: int = 0
    part_of: int = 0
    code: str = ""

    @property
    def dial(self) -> Dial:
        """How its dial counts."""
        return Dial(self.digits, self.multiplier, self.may_run_backwards, self.dead_zeros)

    @property
    def is_demand(self) -> bool:
        """Whether it shows the highest power drawn, which is not use and is set back at each reading."""
        return is_demand(self.unit)

    @property
    def is_use(self) -> bool:
        """Whether it measures the use of its service, and not something beside it."""
        return is_use(self.unit)

    def gone(self) -> Advance:
        """What it counted between its two readings; a demand: what it shows."""
        return counted(self.unit, self.dial, self.from_dial, self.to_dial, rolled_over=self.rolled_over)


class EarlierUse(NamedTuple):
    """What an earlier period measured: ``on`` is its last day."""

    on: date
    use: Decimal
    unit: str


class TablePart(NamedTuple):
    """From which day of the period which version of the rate table prices, by its content hash."""

    since: date
    tariff_hash: str


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """One service as it stood: which tariff (by content hash) prices it, and what was measured.

    ``parts`` is there when versions of the table price parts of the period; ``tariff_hash`` is then that of
    the last part.  ``past`` holds, by the names of the table's look-backs, the earlier periods they look at,
    the earliest first.  ``charged`` is what was billed so far by charges that stop by themselves, in dollars.
    ``billed_in`` are the months in which its table is billed; none: with every bill.
    """

    service_id: int
    service_type: str
    rate_code: str
    tariff_hash: str
    starts: date
    ends: date | None
    billed_to: date | None
    units: Decimal
    attributes: Mapping[str, Any]
    meter_size: str
    metered: bool
    registers: tuple[RegisterFacts, ...]
    parts: tuple[TablePart, ...] = ()
    past: Mapping[str, tuple[EarlierUse, ...]] = field(default_factory=dict)
    charged: Mapping[str, Decimal] = field(default_factory=dict)
    billed_in: tuple[int, ...] = ()

    @property
    def tariff_hashes(self) -> tuple[str, ...]:
        """The content hashes of the versions that price it, in the order of the days."""
        return tuple(part.tariff_hash for part in self.parts) or (self.tariff_hash,)


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account and its services as they stood when the run was prepared."""

    account_id: int
    number: str
    category: str
    inside: bool
    units: int
    no_bill: bool
    on_hold: bool
    exempt_tax_codes: tuple[str, ...]
    services: tuple[ServiceFacts, ...]
    bank_draft: bool = False

    @property
    def tariff_hashes(self) -> frozenset[str]:
        """The content hashes of all versions that price its services."""
        return frozenset(digest for s in self.services for digest in s.tariff_hashes)

    def as_json(self) -> list[Any]:
        """A short list form; ``from_json`` is its exact inverse."""
        return [
            self.account_id,
            self.number,
            self.category,
            int(self.inside),
            self.units,
            int(self.no_bill),
            int(self.on_hold),
            list(self.exempt_tax_codes),
            [_service_json(s) for s in self.services],
            *([1] if self.bank_draft else []),
        ]

    @classmethod
    def from_json(cls, form: list[Any]) -> "AccountFacts":
        """The facts as they were kept."""
        account_id, number, category, inside, units, no_bill, on_hold, exempt, services, *later = form
        return cls(
            account_id,
            number,
            category,
            bool(inside),
            units,
            bool(no_bill),
            bool(on_hold),
            tuple(exempt),
            tuple(_service(s) for s in services),
            bank_draft=bool(later and later[0]),
        )


def _service_json(s: ServiceFacts) -> list[Any]:
    return [
        s.service_id,
        s.service_type,
        s.rate_code,
        s.tariff_hash,
        s.starts.isoformat(),
        s.ends.isoformat() if s.ends else None,
        s.billed_to.isoformat() if s.billed_to else None,
        str(s.units),
        dict(s.attributes),
        s.meter_size,
        int(s.metered),
        [_register_json(r) for r in s.registers],
        *([more] if (more := _more_json(s)) else []),
    ]


def _register_json(r: RegisterFacts) -> list[Any]:
    later = [r.dead_zeros, r.part_of, "" if r.code in _SIDES else r.code]
    while later and not later[-1]:
        later.pop()
    return [
        r.register_id,
        r.unit,
        r.digits,
        str(r.multiplier),
        int(r.may_run_backwards),
        r.from_id,
        r.from_on.isoformat(),
        str(r.from_dial),
        r.to_id,
        r.to_on.isoformat(),
        str(r.to_dial),
        r.source,
        int(r.rolled_over),
        *later,
    ]


def _more_json(s: ServiceFacts) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if s.parts:
        found["parts"] = [[part.since.isoformat(), part.tariff_hash] for part in s.parts]
    if s.past:
        found["past"] = {
            name: [[u.on.isoformat(), str(u.use), u.unit] for u in uses] for name, uses in s.past.items()
        }
    if s.charged:
        found["charged"] = {component: str(amount) for component, amount in s.charged.items()}
    if s.billed_in:
        found["billed_in"] = list(s.billed_in)
    return found


def _service(f: list[Any]) -> ServiceFacts:
    day = date.fromisoformat
    return ServiceFacts(
        service_id=f[0],
        service_type=f[1],
        rate_code=f[2],
        tariff_hash=f[3],
        starts=day(f[4]),
        ends=day(f[5]) if f[5] else None,
        billed_to=day(f[6]) if f[6] else None,
        units=Decimal(f[7]),
        attributes=f[8],
        meter_size=f[9],
        metered=bool(f[10]),
        registers=tuple(_register(r) for r in f[11]),
        **(_more(f[12]) if len(f) > 12 else {}),
    )


def _register(r: list[Any]) -> RegisterFacts:
    day = date.fromisoformat
    return RegisterFacts(
        r[0],
        r[1],
        r[2],
        Decimal(r[3]),
        bool(r[4]),
        r[5],
        day(r[6]),
        Decimal(r[7]),
        r[8],
        day(r[9]),
        Decimal(r[10]),
        r[11],
        bool(r[12]),
        *r[13:],
    )


def _more(kept: Mapping[str, Any]) -> dict[str, Any]:
    day = date.fromisoformat
    return {
        "parts": tuple(TablePart(day(since), digest) for since, digest in kept.get("parts", ())),
        "past": {
            name: tuple(EarlierUse(day(on), Decimal(use), unit) for on, use, unit in uses)
            for name, uses in kept.get("past", {}).items()
        },
        "charged": {component: Decimal(amount) for component, amount in kept.get("charged", {}).items()},
        "billed_in": tuple(kept.get("billed_in", ())),
    }
