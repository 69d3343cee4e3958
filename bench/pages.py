"""Look-ups at the counter: the search box and the account page, for one clerk and for eight at once.

A clerk looks at what came for ``PAUSE`` seconds, then asks the next thing; ``server`` is the time from the
request's arrival to its answer as the server itself logged it.
"""

from collections.abc import Iterator, Sequence
from random import Random

from bench.ground import Ground
from bench.record import line
from bench.visits import Visitor, percentile, served, taken, together

PAUSE = 0.2
EACH = 150
WARM = 40


def looked_up(ground: Ground, clerks: Sequence[int], **keys: object) -> Iterator[str]:
    """``bench`` lines of median and 95th percentile for each kind of look-up and number of clerks."""
    numbers, names, streets = (
        row.split("|") for row in ground.program("-m", "bench.town", "wanted").splitlines()
    )
    draw = Random(1)
    numbers = draw.sample(numbers, min(len(numbers), 2000))
    kinds = {
        "search_number": [f"/search/?q={n}" for n in numbers],
        "search_last_digits": [f"/search/?q={n[-4:]}" for n in numbers],
        "search_name": [f"/search/?q={n.replace(' ', '+')}" for n in names],
        "search_address": [f"/search/?q={s.replace(' ', '+')}" for s in streets],
        "account_page": [f"/accounts/{n}/" for n in numbers],
        "account_transactions": [f"/accounts/{n}/?tab=transactions" for n in numbers],
        "account_usage": [f"/accounts/{n}/?tab=usage" for n in numbers],
    }
    for n in clerks:
        for kind, paths in kinds.items():
            with served(ground) as (port, log):
                visitors = [Visitor(port, "clerk@bench") for _ in range(n)]
                part = kind.startswith("search")
                together(visitors[:1] * 1, paths, WARM, part=part, pause=0)
                before = len(taken(log, _answered))
                together(visitors, paths, EACH, part=part, pause=PAUSE)
                took = taken(log, _answered)[before:]
            yield line(kind, percentile(took, 50), "ms", clerks=n, at="p50", **keys)
            yield line(kind, percentile(took, 95), "ms", clerks=n, at="p95", **keys)


def _answered(status: str, method: str, path: str) -> bool:
    return status == "200" and method == "GET" and path.startswith(("/search/", "/accounts/"))
