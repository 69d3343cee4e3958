"""What a bill is made from.  The JSON form is kept with the bill (≤ 1 kB for three services).  Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from meters.usage import Dial


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

    @property
    def dial(self) -> Dial:
        """How its dial counts."""
        return Dial(self.digits, self.multiplier, self.may_run_backwards, self.dead_zeros)


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """One service as it stood: which tariff (by content hash) prices it, and what was measured."""

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
        ]

    @classmethod
    def from_json(cls, form: list[Any]) -> "AccountFacts":
        """The facts as they were kept."""
        account_id, number, category, inside, units, no_bill, on_hold, exempt, services = form
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
        [
            [
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
                # Kept only where there are any: facts from before they were known must stay what they are.
                *([r.dead_zeros] if r.dead_zeros or r.part_of else []),
                *([r.part_of] if r.part_of else []),
            ]
            for r in s.registers
        ],
    ]


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
        registers=tuple(
            RegisterFacts(
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
                r[13] if len(r) > 13 else 0,
                r[14] if len(r) > 14 else 0,
            )
            for r in f[11]
        ),
    )
