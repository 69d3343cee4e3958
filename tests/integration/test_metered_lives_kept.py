"""Lives of meters typed in, corrected and exchanged: what is kept says what the odometer went."""

import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction

from core.actors import Actor
from meters.corrections import correct_reading
from meters.entry import TypedReading, enter_readings
from meters.models import Installation, Reading, Register, ServicePoint
from meters.operations import MeterChange, change_meters
from meters.queries import readings_of
from meters.usage import Dial
from tests.conftest import World
from tests.world.metered_life import BEGIN, KINDS, RegisterLife, lived

MOVED = date(2026, 9, 10) - BEGIN
LATE = date(2035, 1, 1)
SURE = ("high_use", "low_use", "zero_use", "read_already")


def typed(by: Actor, register: Register, life: RegisterLife, n: int, rng: random.Random) -> None:
    """The n-th reading of the life, now and then mistyped first and then corrected."""
    before, past = life.readings[n - 1], life.readings[n]
    on, turned = past.on + MOVED, past.rolled_over
    mistyped = rng.random() < 0.3 and past.dial > before.dial + 1
    first = past.dial - 1 if mistyped else past.dial
    answer = turned if first < before.dial else None
    row = TypedReading(register.id, on, first, rolled_over=answer, sure=SURE)
    (told,) = enter_readings(by, rows=[row], today=LATE)
    assert told["state"] == "taken", told
    if mistyped:
        correct_reading(by, reading_id=told["reading_id"], dial=past.dial, why="Misread", today=LATE)


def put_in(by: Actor, point: ServicePoint, number: str, on: date, last: Decimal, first: Decimal) -> Register:
    """Another meter at the place."""
    change = MeterChange(point.id, on, last, number, first_dial=first)
    (meter,) = change_meters(by, changes=[change], came_from="trial")
    return Register.objects.get(meter=meter)


def live_through(by: Actor, seed: int) -> None:
    rng = random.Random(seed)
    steps = [(rng.choice(KINDS), rng.randint(1, 900), rng.randint(16, 70)) for _ in range(8)]
    lives = lived([Dial(6)], rng.randint(0, 10**6), steps)
    installed = Installation.objects.select_related("service_point").get(meter__number="M100001", ends=None)
    last = Reading.objects.filter(register__meter=installed.meter_id, is_live=True).latest("on").dial
    for k, life in enumerate(lives):
        first = life.readings[0]
        register = put_in(by, installed.service_point, f"T{seed}-{k}", first.on + MOVED, last, first.dial)
        ends = len(life.readings) - (k + 1 < len(lives))  # the last one is read at the exchange
        for n in range(1, ends):
            typed(by, register, life, n, rng)
        last = life.readings[-1].dial
        if k + 1 == len(lives):
            check(register, life)
        else:
            life.readings, life.truth = life.readings[:ends], life.truth[:ends]
            check(register, life)


def check(register: Register, life: RegisterLife) -> None:
    """Each use is the odometer's, each reading ends one and begins the next, no day is left out."""
    shown = readings_of([register])[::-1]
    assert [s.use for s in shown[1:]] == [life.went(n - 1, n) for n in range(1, len(life.truth))]
    assert [s.on for s in shown] == [past.on + MOVED for past in life.readings]
    days = sum(s.days or 0 for s in shown)
    assert shown[0].on + timedelta(days) == shown[-1].on
    replaced = Reading.objects.filter(register=register, is_live=False).count()
    assert Reading.objects.filter(register=register, replaces__isnull=False).count() == replaced


def many(world: World, seeds: range) -> None:
    for seed in seeds:
        with transaction.atomic():
            live_through(world.oak.supervisor, seed)
            transaction.set_rollback(True)


@pytest.mark.req("MTR-05", "MTR-08")
def test_lives_that_were_typed_in_say_what_truly_went_through(world: World) -> None:
    many(world, range(4))


@pytest.mark.trials
def test_many_lives_that_were_typed_in(world: World) -> None:
    many(world, range(1000, 1200))
