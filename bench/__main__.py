"""``python -m bench``: a month of 10,000 accounts × 3 services, one worker and two, beside a naive loop."""

import argparse

from bench.ground import Ground
from bench.record import keep, line


def month(accounts: int, workers: int, seed: int, chunk: int) -> tuple[float, float]:
    """Seconds to prepare and seconds to post, on a fresh database."""
    ground = Ground("month")
    try:
        ground.program("-m", "bench.town", "make", str(accounts), str(seed))
        ground.program("-m", "bench.town", "prepare", str(chunk))
        ground.program("manage.py", "worker", "--until-idle", "--processes", str(workers))
        ground.program("-m", "bench.town", "post")
        ground.program("manage.py", "worker", "--until-idle", "--processes", str(workers))
        told = dict(row.split() for row in ground.program("-m", "bench.town", "tell").splitlines())
        if int(told["bills"]) < accounts * 0.99:
            raise SystemExit(f"Only {told['bills']} of {accounts} accounts were billed.")
        return float(told["billing.prepare"]), float(told["billing.post"])
    finally:
        ground.away()


def naive(accounts: int, seed: int) -> float:
    """Seconds for the naive loop, on a fresh database."""
    ground = Ground("naive")
    try:
        ground.program("-m", "bench.town", "make", str(accounts), str(seed))
        return float(ground.program("-m", "bench.naive", str(accounts)).split()[-1])
    finally:
        ground.away()


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--accounts", type=int, default=10_000)
    parser.add_argument("--chunk", type=int, default=2500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--no-naive", action="store_true")
    given = parser.parse_args()
    lines: list[str] = []

    def say(text: str) -> None:
        print(text, flush=True)
        lines.append(text)

    for workers in given.workers:
        prepare, post = month(given.accounts, workers, given.seed, given.chunk)
        keys = {"accounts": given.accounts, "services": 3, "workers": workers, "chunk": given.chunk}
        say(line("prepare", given.accounts / prepare, "bills/s", **keys))
        say(line("post", given.accounts / post, "bills/s", **keys))
        say(line("prepare_and_post", given.accounts / (prepare + post), "bills/s", **keys))
    if not given.no_naive:
        say(line("naive", 1000 / naive(1000, given.seed), "bills/s", accounts=1000, services=3, workers=1))
    print(f"kept in {keep(lines, given.seed).name}")


if __name__ == "__main__":
    main()
