"""Looking for one of very many: a billed town with neighbours up to a million accounts.

Told are the server's median and 95th percentile of each kind of search and of the account page, for one
clerk and for eight; what clerks type is drawn all over the town.  Account pages are those of the town that
was billed: its neighbours have no bills to show.
"""

from collections.abc import Iterator, Sequence
from urllib.parse import quote_plus

from bench.ground import Ground
from bench.pages import asked_by

BILLED = 2_000
CHECKED = 300


def searched(ground: Ground, accounts: int, clerks: Sequence[int], only: Sequence[str]) -> Iterator[str]:
    """``bench`` lines of searches among so many accounts, on a ground whose town is billed."""
    more = {"BENCH_SUPERUSER": ground.superuser_url()}
    ground.program("-m", "bench.crowd", "make", str(accounts - BILLED), more=more)
    ground.program("-m", "bench.crowd", "check", str(CHECKED))
    kinds = {}
    for row in ground.program("-m", "bench.crowd", "wanted").splitlines():
        kind, *typed = row.split("|")
        if only and kind not in only:
            continue
        pages = kind == "account_page"
        kinds[kind] = [f"/accounts/{t}/" if pages else f"/search/?q={quote_plus(t)}" for t in typed]
    yield from asked_by(ground, clerks, kinds, accounts=accounts)
