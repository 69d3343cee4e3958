"""``python -m bench``: a month of 10,000 and of 100,000 accounts × 3 services, one worker and two; look-ups
at 100,000 accounts; a naive loop for comparison."""

import argparse
from collections.abc import Callable

from bench.ground import Ground
from bench.pages import looked_up, paid_during_a_run
from bench.record import keep, line


def month(ground: Ground, accounts: int, workers: int, seed: int, chunk: int) -> tuple[float, float, float]:
    """Seconds to prepare, seconds to post, and a worker's megabytes, on a fresh database."""
    ground.program("-m", "bench.town", "make", str(accounts), str(seed))
    ground.program("-m", "bench.town", "prepare", str(chunk))
    preparing = ground.crew(workers)
    ground.program("-m", "bench.town", "post")
    posting = ground.crew(workers)
    told = dict(row.split() for row in ground.program("-m", "bench.town", "tell").splitlines())
    if int(told["bills"]) < accounts * 0.99:
        raise SystemExit(f"Only {told['bills']} of {accounts} accounts were billed.")
    return float(told["billing.prepare"]), float(told["billing.post"]), max(preparing, posting)


def naive(accounts: int, seed: int) -> float:
    """Seconds for the naive loop, on a fresh database."""
    ground = Ground("naive")
    try:
        ground.program("-m", "bench.town", "make", str(accounts), str(seed))
        return float(ground.program("-m", "bench.naive", str(accounts)).split()[-1])
    finally:
        ground.away()


def runs(say: Callable[[str], None], given: argparse.Namespace, accounts: int) -> None:
    """A month of so many accounts with each number of workers; after the last one also the look-ups."""
    for workers in given.workers:
        ground = Ground("month")
        try:
            prepare, post, peak = month(ground, accounts, workers, given.seed, given.chunk)
            keys = {"accounts": accounts, "services": 3, "workers": workers, "chunk": given.chunk}
            say(line("prepare", accounts / prepare, "bills/s", **keys))
            say(line("post", accounts / post, "bills/s", **keys))
            say(line("prepare_and_post", accounts / (prepare + post), "bills/s", **keys))
            say(line("worker_memory", peak, "MB", **keys))
            if given.pages and accounts == max(given.accounts) and workers == given.workers[-1]:
                for text in looked_up(ground, (1, 8), given.kinds, accounts=accounts):
                    say(text)
                for text in paid_during_a_run(ground, accounts, given.seed, given.chunk, 1):
                    say(text)
        finally:
            ground.away()


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--accounts", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--chunk", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--kinds", nargs="*", default=[], help="of look-ups, such as account_page")
    parser.add_argument("--no-naive", dest="naive", action="store_false")
    parser.add_argument("--no-pages", dest="pages", action="store_false")
    given = parser.parse_args()
    lines: list[str] = []

    def say(text: str) -> None:
        print(text, flush=True)
        lines.append(text)

    for accounts in given.accounts:
        runs(say, given, accounts)
    if given.naive:
        say(line("naive", 1000 / naive(1000, given.seed), "bills/s", accounts=1000, services=3, workers=1))
    print(f"kept in {keep(lines, given.seed).name}")


if __name__ == "__main__":
    main()
