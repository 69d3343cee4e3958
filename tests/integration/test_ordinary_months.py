"""Ordinary months go through without a check that stops them; the long version is a trial."""

from tests.conftest import World
from tests.trials.ordinary import ordinary_months


def test_no_check_stops_three_ordinary_months(live: World) -> None:
    quarter = ordinary_months(7, accounts=120, cycles=2, months=3)
    assert quarter.tripped == []
    assert quarter.runs == 6
    assert quarter.held * 10 < quarter.bills
