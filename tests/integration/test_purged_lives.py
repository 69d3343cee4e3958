"""Whatever lives accounts had: a purge at any day leaves every balance, and the proof finds nothing."""

import pytest
from django.db import connections
from hypothesis import HealthCheck, example, given, settings
from pytest_django import DjangoDbBlocker

from core import clock
from core.models import Utility
from core.prove import Asked, all_invariants, prove
from tests.world.databases import Databases
from tests.world.ledger_lives import STEPS, Step, lived
from tests.world.towns import OAK, meet

QUIET = settings(deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
MONEY = ("L", "A", "P", "D", "B2", "B10", "W", "U1m", "F1")

ROLLED = [
    ("pay all", 1, 1, 0, 0), ("pay", 2, 9000, 0, 0), ("charge", 1, 501, 1, 0), ("credit", 1, 301, 1, 0),
    ("close", 1, 1, 30, 0), ("history", 1, 1, 0, 0), ("purge", 1, 1, 0, 0),
    ("return", 1, 100, 1, 1), ("pay all", 1, 1, 1, 0),
    ("close", 1, 1, 40, 0), ("purge", 1, 1, 1, 0),
]  # fmt: skip


def live_through(steps: list[Step], databases: Databases) -> int:
    """In a town of its own; how many journals were purged."""
    databases.create("life", "template")
    databases.use("life")
    town = meet(OAK, Utility.objects.get(slug="oak"))
    gone = lived(town, steps)
    asked = [i for i in all_invariants() if i.code.startswith(MONEY)]
    offences = [(f.invariant.code, f.offences) for f in prove(Asked(town.utility, clock.now()), asked)]
    assert [found for found in offences if found[1]] == []
    connections.close_all()
    return gone


@pytest.mark.req("HIS-02")
def test_a_purge_changes_no_balance_whatever_happened(
    databases: Databases, django_db_blocker: DjangoDbBlocker
) -> None:
    purged = []

    @settings(QUIET, max_examples=12)
    @given(STEPS)
    @example(ROLLED)
    def lives(steps: list[Step]) -> None:
        purged.append(live_through(steps, databases))

    with django_db_blocker.unblock():
        lives()
        databases.drop("life")
    assert sum(purged) > 10


@pytest.mark.trials
def test_many_lives(databases: Databases, django_db_blocker: DjangoDbBlocker) -> None:
    @settings(QUIET, max_examples=500)
    @given(STEPS)
    def lives(steps: list[Step]) -> None:
        live_through(steps, databases)

    with django_db_blocker.unblock():
        lives()
        databases.drop("life")
