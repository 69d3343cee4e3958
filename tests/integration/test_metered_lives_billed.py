"""Months of a meter billed one after another: estimates, corrections, a dial that passes zero, other meters.

Whatever happens between, each reading ends one use and begins one, no day is billed twice or by nobody, and
all uses together are what the odometer went.
"""

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import transaction

from billing.models import BilledPeriod, RegisterUse
from config.town.month import bill_month
from core.tenancy import scope
from meters.corrections import correct_reading
from meters.installing import exchange_meter
from meters.meter_file import RegisterOf
from meters.models import Installation, Reading, Register
from meters.operations import NewReading, record_batch
from tests.conftest import World

FIRSTS = [date(2026, month, 1) for month in (9, 10, 11, 12)]
DIALS = 4
LATE = date(2035, 1, 1)


@dataclass
class Place:
    """The water meter of account 100001, and what truly went through it since the first of September."""

    live: World
    rng: random.Random
    meter: int
    register: int
    shown: int
    went: int = 0
    read: int = 0
    meters: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Some water is used."""
        used = self.rng.randint(3, 9)
        self.went, self.shown = self.went + used, self.shown + used

    @property
    def dial(self) -> Decimal:
        """What the register shows."""
        return Decimal(self.shown % 10**DIALS)


def begun(live: World, seed: int) -> Place:
    """The old meter makes room for one whose dial is about to pass zero."""
    with scope(live.oak.utility.id):
        with transaction.atomic():
            old = Installation.objects.get(meter__number="M100001", ends=None)
            last = Reading.objects.filter(register__meter=old.meter_id, is_live=True).latest("on")
        rng = random.Random(seed)
        place = Place(live, rng, old.meter_id, 0, 0)
        exchange(place, last.on, last.dial, 10**DIALS - 9)
    return place


def exchange(place: Place, on: date, last: Decimal, first: int) -> None:
    """Another meter, which begins at ``first``."""
    number = f"T{len(place.meters)}"
    place.meter = exchange_meter(
        place.live.oak.billing, meter_id=place.meter, on=on, last={"": last},
        texts={"number": number, "size": "5/8"},
        registers=[RegisterOf(unit(place), dials=DIALS)], first={"": Decimal(first)},
    )  # fmt: skip
    with transaction.atomic():
        place.register = Register.objects.get(meter=place.meter).id
    place.shown = first
    place.meters.append(number)


def unit(place: Place) -> str:
    with transaction.atomic():
        return str(Register.objects.filter(meter=place.meter).values_list("unit", flat=True)[0])


def month_of(place: Place, starts: date, ends: date) -> None:
    """What happens between two readings, and the reading that ends the month: read, mistyped or estimated."""
    place.run()
    if place.rng.random() < 0.5:
        exchange(place, starts + timedelta(14), place.dial, place.rng.randint(0, 10**DIALS - 20))
        place.run()
    kind = place.rng.choice(("read", "mistyped", "estimated"))
    # An estimate lags behind what went through; the next actual reading makes up the difference.
    behind = 1 if kind == "estimated" else 0
    dial = Decimal((place.shown - behind) % 10**DIALS)
    with transaction.atomic():
        before = Reading.objects.filter(register=place.register, is_live=True).latest("on").dial
    first = dial - 1 if kind == "mistyped" and dial - 1 > before else dial
    source = "E" if behind else "A"
    row = NewReading(place.register, ends, first, source, rolled_over=first < before)
    record_batch(place.live.oak.system, rows=[row], came_from="test")
    if first != dial:
        with transaction.atomic():
            wrong = Reading.objects.get(register=place.register, on=ends, is_live=True).id
        correct_reading(place.live.oak.clerk, reading_id=wrong, dial=dial, why="Misread", today=LATE)
    place.read = place.went - behind


@pytest.mark.req("MTR-03", "MTR-05", "MTR-08")
@pytest.mark.parametrize("seed", [1, 2])
def test_each_reading_is_used_once_as_from_and_once_as_to_and_periods_tile(live: World, seed: int) -> None:
    oak, place = live.oak, begun(live, seed)
    for starts, ends in pairwise(FIRSTS):
        with scope(oak.utility.id):
            month_of(place, starts, ends)
        bill_month(oak.billing, oak.supervisor, starts=starts, ends=ends, let_pass="One account is read")
    with scope(oak.utility.id), transaction.atomic():
        uses = list(
            RegisterUse.objects.filter(bill__account__number="100001", from_reading__on__gte=FIRSTS[0])
            .select_related("from_reading", "to_reading")
            .order_by("from_reading__on", "id")
        )
        periods = BilledPeriod.objects.filter(bill__account__number="100001", starts__gte=FIRSTS[0])
        by_service: dict[int, list[BilledPeriod]] = {}
        for one in periods.order_by("starts"):
            by_service.setdefault(one.service_id, []).append(one)
    for name in ("from_reading_id", "to_reading_id"):
        used = [getattr(one, name) for one in uses]
        assert len(set(used)) == len(used)
    assert uses[0].from_reading.on == FIRSTS[0]
    for a, b in pairwise(uses):
        same = a.register_id == b.register_id
        assert (a.to_reading_id == b.from_reading_id) is same
        assert a.to_reading.on == b.from_reading.on
    assert sum(one.use for one in uses) == place.read
    for rows in by_service.values():
        assert (rows[0].starts, rows[-1].ends) == (FIRSTS[0], FIRSTS[-1])
        assert all(a.ends == b.starts for a, b in pairwise(rows))
