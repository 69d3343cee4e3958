"""Numbers turned to a new key by a program that is killed, while clerks change and read them."""

import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connections, transaction

from core.sealed import Typed
from core.secrets import blind_index
from core.secrets.rotation import left_under_older_keys
from core.tenancy import scope
from customers.customer_file import change_customer
from customers.models import Customer
from customers.sealed import SSN
from tests.conftest import World
from tests.toys.trial import ROOT

NEWER = {"k2": "MjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjIyMjI="}
PERSON = {"name": "Rekeyed", "mail_line_1": "1 Elm St", "mail_city": "Oak", "mail_zip": "51501"}
IN_ONE_GO = 5000


@dataclass
class Rekeying:
    """So many numbers of Oak's, what each was last, and what the clerks found wrong."""

    world: World
    values: int
    clerks: int
    seed: int
    last: dict[int, str] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    changed: int = 0
    read: int = 0
    killed: int = 0
    resealed: int = 0
    _stop: threading.Event = field(default_factory=threading.Event)
    _count: threading.Lock = field(default_factory=threading.Lock)

    def plant(self) -> None:
        """The numbers, under the key of now."""
        with scope(self.world.oak.utility.id):
            for begin in range(0, self.values, IN_ONE_GO):
                rows = [Customer(**PERSON) for _ in range(begin, min(begin + IN_ONE_GO, self.values))]
                for n, row in enumerate(rows, begin):
                    SSN.put(row, f"{100_000_000 + n}")
                with transaction.atomic():
                    Customer.objects.bulk_create(rows)
                self.last |= {row.id: f"{100_000_000 + n}" for n, row in enumerate(rows, begin)}

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """The clerks, each at numbers of their own, until the block ends."""
        clerks = [threading.Thread(target=self._clerk, args=(n,)) for n in range(self.clerks)]
        for clerk in clerks:
            clerk.start()
        try:
            yield
        finally:
            self._stop.set()
            for clerk in clerks:
                clerk.join()

    def _clerk(self, number: int) -> None:
        chance, mine = random.Random(f"{self.seed}:{number}"), list(self.last)[number :: self.clerks]
        given = 200_000_000 + number * 50_000_000
        try:
            with scope(self.world.oak.utility.id):
                while not self._stop.is_set():
                    row_id = chance.choice(mine)
                    if chance.random() < 0.5:
                        given += 1
                        self._change(row_id, str(given))
                    else:
                        self._read(row_id)
        except Exception as problem:
            self.wrong.append(f"clerk {number}: {problem!r}")
        finally:
            connections["default"].close()

    def _change(self, row_id: int, number: str) -> None:
        change_customer(self.world.oak.clerk, customer_id=row_id, fields={}, ssn=Typed(SSN, number))
        self.last[row_id] = number
        with self._count:
            self.changed += 1

    def _read(self, row_id: int) -> None:
        with transaction.atomic():
            plain = SSN.take(Customer.objects.get(id=row_id))
            found = [one.id for one in SSN.matching(self.last[row_id])]
        if plain != self.last[row_id] or found != [row_id]:
            self.wrong.append(f"{row_id}: {plain} in place of {self.last[row_id]}, found {found}")
        with self._count:
            self.read += 1

    def turn(self, batch: int, kill_after: int | None = None) -> int:
        """The program that turns the keys, killed in the middle of a later batch; returns its exit."""
        command = [sys.executable, "manage.py", "rotate_keys", f"--batch={batch}"]
        program = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.world.env(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert program.stdout is not None
        for done, line in enumerate(program.stdout):
            self.said = line.strip()
            if kill_after is not None and done == kill_after:
                time.sleep(random.Random(f"{self.seed}:{done}").uniform(0, 0.05))
                program.kill()
                self.killed += 1
                break
        program.stdout.close()
        return program.wait()

    def left(self) -> int:
        """How many are not under the newest key."""
        with scope(self.world.oak.utility.id), transaction.atomic():
            return left_under_older_keys(SSN)

    def unlike(self) -> list[str]:
        """What does not open to what was last written, or would not be found by it, with the keys of now."""
        offences = []
        with scope(self.world.oak.utility.id), transaction.atomic():
            rows: Any = Customer.objects.filter(id__in=self.last).only("id", "uuid", "ssn", "ssn_index")
            for row in rows.iterator(IN_ONE_GO):
                expected = self.last[row.id]
                found = (SSN.take(row), bytes(row.ssn_index or b""))
                if found != (expected, blind_index(expected, SSN.column)):
                    offences.append(f"{row.id}: {found[0]} in place of {expected}")
            some = random.Random(self.seed).sample(sorted(self.last), min(200, self.values))
            for row_id in some:
                if [one.id for one in SSN.matching(self.last[row_id])] != [row_id]:
                    offences.append(f"{row_id} is not found by {self.last[row_id]}")
        return offences


def turned(
    world: World, site: Any, *, values: int, clerks: int, kills: int, batch: int, seed: int
) -> tuple[Rekeying, float]:
    """Plant, add a key, turn to it with so many kills while the clerks work; how long the turning took."""
    trial = Rekeying(world, values, clerks, seed)
    trial.plant()
    site.CURBSTOP_KEYS = {**settings.CURBSTOP_KEYS, **NEWER}
    assert trial.left() == values
    chance, began = random.Random(seed), time.monotonic()
    batches = values // batch
    with trial.at_work():
        for _ in range(kills):
            trial.turn(batch, kill_after=chance.randint(1, max(2, batches // (kills + 1))))
        for _ in range(3):  # what a clerk held at the moment is looked at again
            if trial.turn(batch) == 0:
                break
    seconds = time.monotonic() - began
    site.CURBSTOP_KEYS = dict(NEWER)
    return trial, seconds
