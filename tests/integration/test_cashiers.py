"""Eight cashiers at once, some of them killed: no number missing, no dollar lost or doubled."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import World
from tests.trials.cashiers import Cashiers, broken, found, left_in_drawers

CASHIERS = 8


def even(cashiers: Cashiers) -> bool:
    """Everything that was handed over is in the books once, under numbers without a gap."""
    there, owed = found(cashiers.world), cashiers.expected()
    assert there.numbers == list(range(1, CASHIERS * cashiers.receipts + 1))
    assert there.next_number == len(there.numbers) + 1
    wanted = sum(amount for drawer in owed.values() for amount in drawer.values())
    assert (there.posted, there.counted) == (wanted, wanted)
    assert (there.sessions, there.uneven) == (CASHIERS, 0)
    assert left_in_drawers(cashiers.world) == 0
    assert broken() == []
    return True


@pytest.fixture
def a_few(live: World, tmp_path: Path) -> Iterator[Cashiers]:
    cashiers = Cashiers(live, tmp_path, CASHIERS, receipts=25, kills=2, seed="a few")
    yield cashiers
    cashiers.end()


@pytest.mark.req("COL-02")
def test_eight_cashiers_two_of_them_killed(a_few: Cashiers) -> None:
    a_few.hire()
    a_few.work()
    assert a_few.killed == 2
    assert even(a_few)


@pytest.fixture
def a_day(live: World, tmp_path: Path) -> Iterator[Cashiers]:
    cashiers = Cashiers(live, tmp_path, CASHIERS, receipts=2500, kills=30, seed="a day")
    yield cashiers
    cashiers.end()


@pytest.mark.trials
def test_twenty_thousand_receipts_and_thirty_kills(a_day: Cashiers, record_property: Any) -> None:
    a_day.hire()
    began = time.monotonic()
    a_day.work()
    seconds = time.monotonic() - began
    assert even(a_day)
    there = found(a_day.world)
    for name, value in (
        ("cashiers", CASHIERS),
        ("receipts", len(there.numbers)),
        ("kills", a_day.killed),
        ("dollars", there.posted),
        ("receipts_a_second", f"{len(there.numbers) / seconds:.1f}"),
    ):
        record_property(name, value)
