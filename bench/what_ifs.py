"""A what-if over a measured town, from the question to the kept rows and figures.

Runs inside a measuring database for asking and telling; the workers are the product's own.
"""

import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from bench.record import line

if TYPE_CHECKING:
    from bench.ground import Ground

QUESTIONS = {"water": ("WATER",), "all": ("WATER", "SEWER", "REFUSE")}
"""Which tables have their prices raised by four per cent."""


def worked_out(ground: "Ground", accounts: int, workers: Sequence[int]) -> Iterator[str]:
    """``bench`` lines: seconds and bills a second of each question by so many workers."""
    for n in workers:
        for name in QUESTIONS:
            ground.program("-m", "bench.what_ifs", name)
            ground.crew(n)
            seconds = float(ground.program("-m", "bench.what_ifs", "tell").split()[-1])
            keys = {"question": name, "accounts": accounts, "services": 3, "workers": n}
            yield line("what_if", seconds, "s", **keys)
            yield line("what_if_bills", accounts / seconds, "bills/s", **keys)


def _ask(name: str) -> None:
    from django.db import transaction

    import bench.ready  # noqa: F401 - sets Django up before the models below
    from billing.what_if.operations import NewTable, ask_what_if
    from config.town.found import actor, rate_ids
    from core.models import Utility
    from core.tenancy import scope

    utility = Utility.objects.get()
    with scope(utility.id):
        with transaction.atomic():
            ids = rate_ids()
        tables = [NewTable(ids[code], percent=Decimal(4)) for code in QUESTIONS[name]]
        ask_what_if(actor(utility, "billing"), name=f"Four per cent: {name}", tables=tables)


def _tell() -> None:
    from django.db import transaction

    import bench.ready  # noqa: F401 - sets Django up before the models below
    from billing.what_if_models import WhatIf, WhatIfBill
    from core.models import Utility
    from core.tenancy import scope

    with scope(Utility.objects.get().id), transaction.atomic():
        what_if = WhatIf.objects.select_related("job").latest("id")
        job = what_if.job
        if job is None or job.started_at is None or job.ended_at is None or not what_if.figures:
            raise SystemExit(f"{what_if.name} is not done: {job and job.problem}")
        if WhatIfBill.objects.filter(what_if=what_if).count() != what_if.bills:
            raise SystemExit("Not every bill was worked out.")
        print((job.ended_at - job.started_at).total_seconds())


if __name__ == "__main__":
    if sys.argv[1] == "tell":
        _tell()
    else:
        _ask(sys.argv[1])
