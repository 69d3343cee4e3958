"""Several cashiers at work at once, killed and started again, and what must be there afterwards."""

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import connections, transaction

from collections_app.models import Drawer
from core import clock
from core.actors import Actor
from core.models import Membership, Utility
from core.operations import operation
from core.prove import Asked, prove
from core.tenancy import scope
from tests.conftest import World
from tests.trials.cashier import in_the_drawer

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 3 * 3600


@dataclass
class Cashiers:
    """``count`` cashiers of Oak, each with a drawer and ``receipts`` customers, killed ``kills`` times."""

    world: World
    folder: Path
    count: int
    receipts: int
    kills: int
    seed: str
    programs: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    killed: int = 0

    @property
    def logins(self) -> list[str]:
        """Their names, which are also their drawers' codes."""
        return [f"cashier{n}" for n in range(1, self.count + 1)]

    def hire(self) -> None:
        """An operator with a clerk's role and a drawer for each."""
        oak = self.world.oak
        for login in self.logins:
            operator = get_user_model().objects.create_user(login, "no sign-in here", name=login)
            Membership.objects.create(operator=operator, utility=oak.utility, role_code="clerk")
        with scope(oak.utility.id):
            add_drawers(oak.system, codes=self.logins)

    def work(self) -> None:
        """Let them work to the end, killing at random moments spread over the day."""
        chance = random.Random(self.seed)
        moments = sorted(chance.randrange(self.count * self.receipts) for _ in range(self.kills))
        began = time.monotonic()
        for login in self.logins:
            self._start(login)
        while self.at_work():
            if time.monotonic() - began > SECONDS:
                raise TimeoutError(self.said())
            if moments and self.served() >= moments[0]:
                moments.pop(0)
                self._kill(chance.choice(self.at_work()))
            time.sleep(0.01)
        for login, program in self.programs.items():
            assert program.returncode == 0, f"{login}: {self.said()}"

    def served(self) -> int:
        """How many customers were served so far."""
        files = (self._progress(login) for login in self.logins)
        return sum(file.stat().st_size for file in files if file.exists())

    def at_work(self) -> list[str]:
        """Who has not ended."""
        return [login for login, program in self.programs.items() if program.poll() is None]

    def end(self) -> None:
        """Nothing that was started goes on."""
        for program in self.programs.values():
            if program.poll() is None:
                program.kill()
                program.wait()

    def said(self) -> str:
        """The end of what they wrote."""
        file = self.folder / "cashiers.log"
        return file.read_text(errors="replace")[-3000:] if file.exists() else ""

    def expected(self) -> dict[str, dict[str, Decimal]]:
        """What must be in each drawer, by tender, worked out from the customers alone."""
        accounts = self.world.oak.plan.accounts
        return {login: in_the_drawer(self.seed, login, self.receipts, accounts) for login in self.logins}

    def _progress(self, login: str) -> Path:
        return self.folder / f"{login}.served"

    def _start(self, login: str) -> None:
        words = [self.world.oak.plan.slug, login, self.seed, str(self.receipts), str(self._progress(login))]
        with (self.folder / "cashiers.log").open("ab") as log:
            self.programs[login] = subprocess.Popen(
                [sys.executable, "-m", "tests.trials.cashier", *words],
                cwd=ROOT,
                env={**self.world.env(), "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"]},
                stdout=log,
                stderr=log,
            )

    def _kill(self, login: str) -> None:
        self.programs[login].kill()
        self.programs[login].wait()
        self.killed += 1
        self._start(login)


@operation("test.drawers", permission="test.drawers")
def add_drawers(by: Actor, *, codes: list[str]) -> int:
    """A drawer for each code, all of one chart account."""
    account = Drawer.objects.earliest("id").chart_account
    made = Drawer.objects.bulk_create([Drawer(code=c, name=c, chart_account=account) for c in codes])
    return len(made)


@dataclass(frozen=True)
class Found:
    """What is there afterwards; ``numbers`` are the receipts' in order, ``posted`` what went into drawers."""

    numbers: list[int]
    next_number: int
    posted: Decimal
    counted: Decimal
    uneven: int
    sessions: int


def found(world: World) -> Found:
    """Read as the owner of the tables, over all of Oak."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT number FROM collections_app_receipt WHERE tenant_id = %s ORDER BY number",
            [world.oak.utility.id],
        )
        numbers = [n for (n,) in cursor.fetchall()]
        cursor.execute(
            "SELECT (SELECT next FROM core_counter WHERE tenant_id = %(t)s AND series = 'receipt:counter'),"
            " (SELECT sum(p.debit) FROM ledger_posting p JOIN ledger_chartaccount c"
            "  ON (c.tenant_id, c.id) = (p.tenant_id, p.chart_account_id)"
            "  WHERE p.tenant_id = %(t)s AND c.role = 'drawer'),"
            " (SELECT sum(counted) FROM collections_app_drawerclose WHERE tenant_id = %(t)s),"
            " (SELECT count(*) FROM collections_app_drawerclose WHERE tenant_id = %(t)s AND over_short <> 0),"
            " (SELECT count(*) FROM collections_app_drawerclose WHERE tenant_id = %(t)s)",
            {"t": world.oak.utility.id},
        )
        return Found(numbers, *cursor.fetchone())


def broken() -> list[str]:
    """What does not hold of any utility, every file read and every bill made again."""
    return [
        f"{utility.slug} {one.invariant.code}: {words}"
        for utility in Utility.objects.all()
        for one in prove(Asked(utility, clock.now(), deep=True))
        for _, words in one.offences
    ]


def left_in_drawers(world: World) -> Decimal:
    """What the chart says lies in drawers now."""
    from django.db.models import Sum

    from ledger.models import Posting

    with scope(world.oak.utility.id), transaction.atomic():
        sums = Posting.objects.filter(chart_account__role="drawer").aggregate(d=Sum("debit"), c=Sum("credit"))
    return Decimal(sums["d"] or 0) - Decimal(sums["c"] or 0)
