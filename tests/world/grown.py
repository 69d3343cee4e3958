"""A town of eighty accounts in two cycles with three months behind it: what faults are planted in.

``grown`` is a copy of it, thrown away after the test.  The first cycle's month ``MONTH`` is not read yet.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db import connections, transaction
from django.test import Client

from billing import runs
from billing.checking import checks_of
from billing.models import Bill, CycleRoute, PreparedBill, Run
from billing.review.ground import Check
from config.town.found import actor
from config.town.month import work_until_idle
from config.town.ordinary import ordinary_town
from config.town.plan import Life, TownPlan
from config.town.reads import read_file_of
from config.town.simulate import live_month, open_cycle, raise_town, read_month
from core.actors import Actor
from core.models import Utility
from core.tenancy import scope
from interchange.models import ImportFile
from interchange.pipeline import approve_import, receive_file
from tests.world.databases import Databases
from tests.world.towns import PASSWORD

SINCE = date(2026, 6, 1)
MONTH = 3
STARTS, ENDS = date(2026, 9, 1), date(2026, 10, 1)

PLAN: TownPlan = replace(
    ordinary_town("grown", "City of Grown", accounts=80, seed=5, cycles=2),
    rates={
        "water": "council-bluffs-water",
        "sewer": "walton-ky-sewer",
        "refuse": "bossier-trash",
    },
    commercial_rates={},
    shares={},
    life=Life(leaks=0, idle=0),
    variety=False,
)


@dataclass
class Grown:
    """The town, with what two people do in it."""

    utility: Utility
    plan: TownPlan = PLAN

    def by(self, role: str) -> Actor:
        """Who has that role."""
        return actor(self.utility, role)

    @contextmanager
    def at(self) -> Iterator[None]:
        """Reading what is in the town."""
        with scope(self.utility.id), transaction.atomic():
            yield

    def routes(self) -> list[int]:
        """The routes of the first cycle."""
        with self.at():
            rows = CycleRoute.objects.filter(cycle__code="01").order_by("route__code")
            return list(rows.values_list("route_id", flat=True))

    def file(self) -> list[str]:
        """The lines of the platform's file of the month's reads, the header first."""
        routes = self.routes()
        with self.at():
            return read_file_of(self.plan, SINCE, MONTH, routes).decode().split("\r\n")

    def receive(self, lines: list[str], approved: bool = True) -> ImportFile:
        """Take a file in, approve what of it can be applied; the import as it stands then."""
        content = "\r\n".join(lines).encode()
        with scope(self.utility.id):
            found = receive_file(
                self.by("billing"), feed="meter_reads", name="reads.csv", content=content, today=ENDS
            )
        shown = self._import(found)
        if approved:
            with scope(self.utility.id):
                approve_import(self.by("supervisor"), import_id=found, seen=shown.fingerprint, today=ENDS)
            work_until_idle()
        return self._import(found)

    def _import(self, import_id: int) -> ImportFile:
        with self.at():
            return ImportFile.objects.get(id=import_id)

    def read(self) -> None:
        """The month's readings come in as they should."""
        read_month(self.utility, self.plan, MONTH, [0])

    def open(self) -> int:
        """The first cycle's run of the month."""
        return open_cycle(self.utility, self.plan, MONTH, 0)

    def prepare(self, run_id: int | None = None) -> int:
        """The run, opened and prepared; its id."""
        run_id = self.open() if run_id is None else run_id
        with scope(self.utility.id):
            runs.prepare_run(self.by("billing"), run_id=run_id)
        work_until_idle()
        return run_id

    def post(self, run_id: int) -> int:
        """Review, approval and posting by two people; how many bills were posted."""
        with scope(self.utility.id):
            mark = runs.review_run(self.by("billing"), run_id=run_id)
            runs.approve_run(self.by("supervisor"), run_id=run_id, seen=mark)
            runs.post_run(self.by("supervisor"), run_id=run_id)
        work_until_idle()
        return self.bills(run_id)

    def run(self, run_id: int) -> Run:
        """The run as it stands."""
        with self.at():
            return Run.objects.get(id=run_id)

    def bills(self, run_id: int) -> int:
        """Bills posted by the run."""
        with self.at():
            return Bill.objects.filter(run=run_id).count()

    def check(self, run_id: int, code: str) -> Check:
        """One of the run's checks."""
        return next(c for c in checks_of(self.run(run_id)) if c.code == code)

    def staged(self, run_id: int, **where: Any) -> list[PreparedBill]:
        """Prepared bills of the run."""
        with self.at():
            rows = PreparedBill.objects.filter(run=run_id, **where).select_related("account")
            return list(rows.order_by("account__number"))


def client(town: Grown, role: str) -> Client:
    """A browser on the town's host, signed in as that role."""
    host = f"{town.utility.slug}.localhost"
    found = Client(headers={"host": host}, HTTP_HOST=host)
    operator = get_user_model().objects.get(login=f"{role}@{town.utility.slug}")
    found.force_login(operator, backend="django.contrib.auth.backends.ModelBackend")
    return found


@pytest.fixture(scope="session")
def _grown(databases: Databases, django_db_blocker: pytest.FixtureRequest) -> Iterator[Databases]:
    """The town, made once a process."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        databases.create("grown", "template")
        databases.use("grown")
        cache.clear()
        utility = raise_town(PLAN, password=PASSWORD, since=SINCE)
        for month in range(MONTH):
            live_month(utility, PLAN, month)
        read_month(utility, PLAN, MONTH, [1])
        _close()
        yield databases
        databases.drop("grown")


@pytest.fixture
def grown(_grown: Databases, django_db_blocker: pytest.FixtureRequest) -> Iterator[Grown]:
    """The town, committed; whatever the test does is gone after it."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker
        _grown.create("live", "grown")
        _grown.use("live")
        cache.clear()
        yield Grown(Utility.objects.get(slug="grown"))
        _close()


def _close() -> None:
    for connection in connections.all():
        connection.close()
