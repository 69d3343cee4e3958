"""``python -m bench``: a month of 10,000 and of 100,000 accounts × 3 services, one worker and two; look-ups
and payments at 100,000 accounts; rating alone; a what-if over the largest town; a naive loop for comparison.

The machine's own speed drifts, so sizes take turns: each round bills the small town, the large one and the
small one again, each on a fresh copy, and compares within the round.  Told is the median of the rounds.
"""

import argparse
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from statistics import median

from bench.ground import Ground
from bench.pages import looked_up, paid_during_a_run
from bench.rating import rated
from bench.record import keep, line
from bench.search import BILLED, searched
from bench.what_ifs import worked_out


@dataclass(frozen=True)
class Month:
    """Seconds to prepare and to post, and the most a worker held, in megabytes."""

    accounts: int
    prepare: float
    post: float
    peak: float
    review: float
    approve: float

    @property
    def cost(self) -> float:
        """Seconds a bill."""
        return (self.prepare + self.post) / self.accounts


def town(accounts: int, seed: int) -> Ground:
    """A town with its first month read, to be copied."""
    ground = Ground(f"town_{accounts}")
    ground.program("-m", "bench.town", "make", str(accounts), str(seed))
    return ground


def month(ground: Ground, accounts: int, workers: int, chunk: int) -> Month:
    """The month of a town, prepared and posted."""
    ground.program("-m", "bench.town", "prepare", str(chunk))
    preparing = ground.crew(workers)
    review, approve = (float(word) for word in ground.program("-m", "bench.town", "post").split()[-2:])
    posting = ground.crew(workers)
    told = dict(row.split() for row in ground.program("-m", "bench.town", "tell").splitlines())
    if int(told["bills"]) < accounts * 0.99:
        raise SystemExit(f"Only {told['bills']} of {accounts} accounts were billed.")
    prepare, post = float(told["billing.prepare"]), float(told["billing.post"])
    return Month(accounts, prepare, post, max(preparing, posting), review, approve)


def one_month(source: Ground, accounts: int, workers: int, chunk: int) -> Month:
    """The same on a copy that is thrown away."""
    ground = Ground("month", like=source)
    try:
        return month(ground, accounts, workers, chunk)
    finally:
        ground.away()


def naive(accounts: int, seed: int) -> float:
    """Seconds for the naive loop, on a fresh database."""
    ground = town(accounts, seed)
    try:
        return float(ground.program("-m", "bench.naive", str(accounts)).split()[-1])
    finally:
        ground.away()


def tell(say: Callable[[str], None], months: Sequence[Month], workers: int, chunk: int) -> None:
    """The medians of one size and crew."""
    keys = {"accounts": months[0].accounts, "services": 3, "workers": workers, "chunk": chunk}
    keys["rounds"] = len(months)
    for what, seconds in (
        ("prepare", [m.prepare for m in months]),
        ("post", [m.post for m in months]),
        ("prepare_and_post", [m.prepare + m.post for m in months]),
    ):
        say(line(what, months[0].accounts / median(seconds), "bills/s", **keys))
    for what, seconds in (("review", [m.review for m in months]), ("approve", [m.approve for m in months])):
        say(line(what, median(seconds), "s", **keys))
    say(line("worker_memory", max(m.peak for m in months), "MB", **keys))


def rounds(say: Callable[[str], None], given: argparse.Namespace, towns: dict[int, Ground]) -> None:
    """Months of all sizes in turns, with each number of workers; then how a bill's cost grows with size."""
    small, large = min(towns), max(towns)
    turn = [small, large, small] if small != large else [small]
    for workers in given.workers:
        found: dict[int, list[Month]] = {size: [] for size in towns}
        ratios = []
        for _ in range(given.rounds):
            now = [one_month(towns[size], size, workers, given.chunk) for size in turn]
            for one in now:
                found[one.accounts].append(one)
            ratios.append(now[len(turn) // 2].cost / ((now[0].cost + now[-1].cost) / 2))
        for months in found.values():
            tell(say, months, workers, given.chunk)
        if small != large:
            keys = {"accounts": large, "against": small, "workers": workers, "rounds": given.rounds}
            keys |= {"least": f"{min(ratios):.2f}", "most": f"{max(ratios):.2f}"}
            say(line("cost_of_a_bill", median(ratios), "times", **keys))


def pages(say: Callable[[str], None], given: argparse.Namespace, source: Ground, accounts: int) -> None:
    """Look-ups and payments in the largest town, its month posted."""
    ground = Ground("month", like=source)
    try:
        month(ground, accounts, given.workers[-1], given.chunk)
        for text in looked_up(ground, (1, 8), given.kinds, accounts=accounts):
            say(text)
        for text in paid_during_a_run(ground, accounts, given.seed, given.chunk, 1):
            say(text)
    finally:
        ground.away()


def what_if(say: Callable[[str], None], given: argparse.Namespace, source: Ground, accounts: int) -> None:
    """What-ifs over the largest town, its month posted."""
    ground = Ground("month", like=source)
    try:
        month(ground, accounts, given.workers[-1], given.chunk)
        for _ in range(given.rounds or 1):
            for text in worked_out(ground, accounts, given.workers):
                say(text)
    finally:
        ground.away()


def crowded(say: Callable[[str], None], given: argparse.Namespace, accounts: int) -> None:
    """Searches among so many accounts."""
    source = town(BILLED, given.seed)
    try:
        month(source, BILLED, given.workers[-1], given.chunk)
        for text in searched(source, accounts, (1, 8), given.kinds):
            say(text)
    finally:
        source.away()


def measured(say: Callable[[str], None], given: argparse.Namespace) -> None:
    """Everything that was asked for."""
    if not given.only or "rate" in given.only:
        for text in rated():
            say(text)
    if given.only == ["rate"]:
        return
    for accounts in given.searched:
        crowded(say, given, accounts)
    if given.searched:
        return
    with ExitStack() as stack:
        towns: dict[int, Ground] = {}
        for accounts in sorted(given.accounts):
            towns[accounts] = town(accounts, given.seed)
            stack.callback(towns[accounts].away)
        what_if(say, given, towns[max(towns)], max(towns))
        if given.only:
            return
        if given.rounds:
            rounds(say, given, towns)
        if given.pages:
            pages(say, given, towns[max(towns)], max(towns))
    if given.naive:
        say(line("naive", 1000 / naive(1000, given.seed), "bills/s", accounts=1000, services=3, workers=1))


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--accounts", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--chunk", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=3, help="of months; 0 leaves them out")
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--kinds", nargs="*", default=[], help="of look-ups, such as account_page")
    parser.add_argument(
        "--searched", type=int, nargs="*", default=[], help="accounts to search among, and nothing else"
    )
    parser.add_argument(
        "--only", nargs="*", choices=("rate", "what_if"), default=[], help="these, and nothing else"
    )
    parser.add_argument("--no-naive", dest="naive", action="store_false")
    parser.add_argument("--no-pages", dest="pages", action="store_false")
    given = parser.parse_args()
    lines: list[str] = []

    def say(text: str) -> None:
        print(text, flush=True)
        lines.append(text)

    try:
        measured(say, given)
    finally:  # what was measured is kept, whatever came after it
        print(f"kept in {keep(lines, given.seed).name}")


if __name__ == "__main__":
    main()
