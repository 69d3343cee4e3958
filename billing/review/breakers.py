"""Circuit breakers: a whole run against the ones before it.  Pure.

A figure is compared with the last period and with the same period last year, and strays only when it is out
of bounds against every one that is there: a season repeats, a mistake does not.  Groups of fewer than
``MANY`` bills or meters are not compared, and shares count from ``FEWEST`` on: in a small town one odd house
is a share, not a mistake.
"""

from collections.abc import Callable, Iterable, Iterator

from billing.review import comparing, counting
from billing.review.counting import part
from billing.review.ground import Check, Ground


def judge(ground: Ground) -> list[Check]:
    """Every check, in the order of the screen."""
    return [make(ground) for make in CHECKS]


def tripped(checks: Iterable[Check]) -> Iterator[Check]:
    """Those that stop the run."""
    return (c for c in checks if c.stops)


CHECKS: tuple[Callable[[Ground], Check], ...] = (
    counting.complete,
    counting.no_rate,
    part(
        "missing",
        "Readings missing",
        "reason_missing_reading",
        "break_missing",
        "accounts without a reading",
        "A file or a route was not taken in.",
        "Take in the readings, then prepare again.",
        "state=held&reason=missing_reading",
    ),
    part(
        "backwards",
        "Readings that went backwards",
        "reason_backwards",
        "break_backwards",
        "accounts with a reading below the last",
        "Readings may be of another route, or lack a figure.",
        "Compare the readings with the meters they are for.",
        "state=held&reason=backwards",
    ),
    part(
        "held",
        "Bills held",
        "held",
        "break_held",
        "accounts held",
        "So many bills at once have something wrong with them: it is seldom chance.",
        "Look at why they are held; the reasons of many bills have one cause.",
        "state=held",
    ),
    part(
        "old",
        "Readings older than the period",
        "old",
        "break_old",
        "bills whose newest reading is of the first half of the period",
        "This period's readings are not in yet.",
        "Take in the readings, then prepare again.",
        "list=old",
        "made",
    ),
    comparing.use,
    counting.zero,
    comparing.charges,
    comparing.typical,
    comparing.tax,
    comparing.vanished,
    counting.count,
    counting.moves,
    counting.days,
    counting.largest,
)
