"""Five towns live a year each, and no check stops a run of theirs.

The thresholds are those every town is founded with; they were fixed before the first of these was run.
"""

from typing import Any

import pytest

from tests.conftest import World
from tests.trials.ordinary import ordinary_months

pytestmark = pytest.mark.trials


@pytest.mark.parametrize("seed", [101, 102, 103, 104, 105])
def test_no_check_stops_an_ordinary_month(live: World, record_property: Any, seed: int) -> None:
    year = ordinary_months(seed, accounts=300, cycles=2, months=12)
    for name in ("runs", "bills", "held", "share", "most_held"):
        record_property(name, getattr(year, name))
    assert year.tripped == []
    assert year.runs == 24
    assert year.held * 100 < year.bills * 5
