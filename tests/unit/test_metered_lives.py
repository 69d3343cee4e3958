"""Use over any span of a meter's life is what its register truly advanced."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meters.judging import KnownRegister, average_a_day
from meters.usage import Dial
from tests.world.metered_life import BEGIN, DIALS, STEPS, RegisterLife, Step, lived

TRIALS = 20_000


def check(lives: list[RegisterLife]) -> None:
    """Every span of every register, the spans laid end to end, and the days between them."""
    for life in lives:
        last = len(life.readings) - 1
        for first in range(last + 1):
            assert life.used(first, last) == life.went(first, last)
            assert life.used(0, first) + life.used(first, last) == life.went(0, last)
        assert all(a.on <= b.on for a, b in pairwise(life.readings))
    for old, new in pairwise(lives):
        assert old.readings[-1].on == new.readings[0].on  # no day between two meters is nobody's
    assert lives[0].readings[0].on == BEGIN


@settings(max_examples=200, deadline=None)
@given(st.lists(DIALS, min_size=1, max_size=4), st.integers(0, 10**9), STEPS)
def test_use_over_any_span_is_what_the_odometer_went(
    dials: list[Dial], start: int, steps: list[Step]
) -> None:
    check(lived(dials, start, steps))


@settings(max_examples=200, deadline=None)
@given(DIALS, st.integers(0, 10**9), STEPS)
def test_the_average_times_its_days_is_what_went_through(dial: Dial, start: int, steps: list[Step]) -> None:
    life = lived([dial], start, [s for s in steps if s[0] != "exchange"])[0]
    a_day = average_a_day(KnownRegister(1, "", "GAL", dial), life.readings)
    if a_day is None:
        return
    days: int = (life.readings[-1].on - life.readings[0].on).days
    assert abs(a_day * days - life.went(0, len(life.truth) - 1)) < life.dial.step / 10**6


def test_a_life_with_one_of_everything() -> None:
    dial = Dial(4, dead_zeros=2)
    steps = [
        ("read", 900, 30),
        ("estimate", 90, 30),
        ("read", 300, 30),
        ("mistyped", 1, 30),
        ("exchange", 50, 9),
    ]
    lives = lived([dial, Dial(3)], 9000, steps)
    check(lives)
    assert any(reading.rolled_over for reading in lives[0].readings)
    assert len(lives) == 2
    assert lives[0].readings[1].on == date(2020, 1, 31)


@pytest.mark.trials
@settings(max_examples=TRIALS, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(DIALS, min_size=1, max_size=4), st.integers(0, 10**9), STEPS)
def test_use_over_any_span_in_many_lives(dials: list[Dial], start: int, steps: list[Step]) -> None:
    check(lived(dials, start, steps))
