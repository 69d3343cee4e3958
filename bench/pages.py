"""Work at the counter: the search box and the account page, for one clerk and for eight at once, and
payments while a run is on.

A clerk looks at what came for ``PAUSE`` seconds, then asks the next thing.  ``by=server`` is the time from
the request's arrival to its answer as the server itself logged it, ``by=clerk`` what the clerk waited.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from threading import Thread
from urllib.parse import quote_plus
from uuid import uuid4

from bench.ground import Ground
from bench.record import line
from bench.visits import Visitor, percentile, served, taken, together

CASHIERS = ("clerk", "supervisor")
PAUSE = 0.15
EACH = 60
WARM = 20


def looked_up(ground: Ground, clerks: Sequence[int], only: Sequence[str], **keys: object) -> Iterator[str]:
    """``bench`` lines of median and 95th percentile for each kind of look-up and number of clerks.

    ``only`` names the kinds asked for; none means all of them.
    """
    numbers, names, streets = (
        row.split("|") for row in ground.program("-m", "bench.town", "wanted").splitlines()
    )
    draw = Random(1)
    numbers = draw.sample(numbers, min(len(numbers), 2000))
    kinds = {
        "search_number": [f"/search/?q={n}" for n in numbers],
        "search_last_digits": [f"/search/?q={n[-4:]}" for n in numbers],
        "search_name": [f"/search/?q={quote_plus(n)}" for n in names],
        "search_address": [f"/search/?q={quote_plus(s)}" for s in streets],
        "account_page": [f"/accounts/{n}/" for n in numbers],
        "account_transactions": [f"/accounts/{n}/?tab=transactions" for n in numbers],
        "account_usage": [f"/accounts/{n}/?tab=usage" for n in numbers],
    }
    chosen = {kind: paths for kind, paths in kinds.items() if not only or kind in only}
    yield from asked_by(ground, clerks, chosen, **keys)


def asked_by(
    ground: Ground, clerks: Sequence[int], kinds: Mapping[str, Sequence[str]], **keys: object
) -> Iterator[str]:
    """``bench`` lines of each kind of question, its addresses given, by so many clerks at once."""
    for n in clerks:
        for kind, paths in kinds.items():
            with served(ground) as (port, log):
                visitors = [Visitor(port, "clerk@bench") for _ in range(n)]
                part = kind.startswith("search")
                together(visitors[:1] * 1, paths, WARM, part=part, pause=0)
                before = len(taken(log, _answered))
                waited = together(visitors, paths, EACH, part=part, pause=PAUSE)
                took = taken(log, _answered)[before:]
            for by, times in (("server", took), ("clerk", waited)):
                for at in (50, 95):
                    yield line(kind, percentile(times, at), "ms", clerks=n, by=by, at=f"p{at}", **keys)


def _answered(status: str, method: str, path: str) -> bool:
    return status == "200" and method == "GET" and path.startswith(("/search/", "/accounts/"))


def paid_during_a_run(ground: Ground, accounts: int, seed: int, chunk: int, workers: int) -> Iterator[str]:
    """``bench`` lines of a payment posted at the counter while the next month is prepared and posted."""
    numbers = ground.program("-m", "bench.town", "wanted").splitlines()[0].split("|")
    ground.program("-m", "bench.town", "drawers")
    ground.program("-m", "bench.town", "second", str(accounts), str(seed), str(chunk))
    with served(ground) as (port, log):
        visitors = [Visitor(port, f"{role}@bench") for role in CASHIERS]
        for doing, step in (("prepare", ""), ("post", "post")):
            if step:
                ground.program("-m", "bench.town", step)
            before = len(taken(log, _paid))
            at_work = Thread(target=ground.crew, args=(workers,))
            at_work.start()
            cashiers = [Thread(target=_pay, args=(v, numbers[n::2], at_work)) for n, v in enumerate(visitors)]
            for thread in cashiers:
                thread.start()
            for thread in [*cashiers, at_work]:
                thread.join()
            took = taken(log, _paid)[before:]
            keys = {"accounts": accounts, "during": doing, "workers": workers, "payments": len(took)}
            for at in (50, 95):
                yield line("counter_payment", percentile(took, at), "ms", at=f"p{at}", **keys)


def _pay(cashier: Visitor, numbers: Sequence[str], at_work: Thread) -> None:
    """Five dollars in cash for one account after another, until the run's work is done."""
    for number in numbers:
        if not at_work.is_alive():
            return
        form = {"account": number, "amount": "5.00", "kind": "cash", "tender": "10.00"}
        status, text = cashier.ask("/counter/", {**form, "keep": "on", "idempotency_key": str(uuid4())})
        if status != 302:
            raise SystemExit(f"The payment for {number} was answered {status}: {text[:500]}")
        time.sleep(PAUSE)


def _paid(status: str, method: str, path: str) -> bool:
    return status == "302" and method == "POST" and path == "/counter/"
