"""Whatever an office does in whatever order, its books and the product agree to the cent."""

from typing import Any

import pytest

from tests.conftest import World
from tests.trials.machine import office_days

SEEDS = ("first", "second", "third", "fourth", "fifth")


@pytest.mark.req("COL-05", "COL-10")
def test_forty_acts(live: World) -> None:
    assert sum(office_days(live, "short", 40).done.values()) == 40


@pytest.mark.trials
@pytest.mark.parametrize("seed", SEEDS)
def test_three_hundred_acts(live: World, record_property: Any, seed: str) -> None:
    office = office_days(live, seed, 300)
    for act, times in sorted(office.done.items()):
        record_property(act, times)
    assert sum(office.done.values()) == 300
