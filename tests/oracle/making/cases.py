"""Towns of random tables, and accounts that are billed by them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from tests.oracle.account import Account, Metered
from tests.oracle.making.accounts import EDGES, for_service, make_account
from tests.oracle.making.tables import Made, make_service

SERVICES = ("water", "sewer", "drainage")


@dataclass(frozen=True)
class Case:
    """One account with one set of facts for each service, in the order in which they are rated."""

    name: str
    services: tuple[tuple[Made, Account], ...]


def a_town(rng: Random) -> list[Made]:
    """One to three services, of which the later may rest on the earlier."""
    near = rng.choice(EDGES) + timedelta(days=rng.choice((0, 0, 1, 15)))
    town: list[Made] = []
    for service in SERVICES[: rng.choice((1, 1, 2, 2, 3))]:
        town.append(make_service(rng, service, town, near))
    return town


def cases(seed: int, accounts: int, each: int = 8) -> Iterator[tuple[list[Made], list[Case]]]:
    """So many accounts, some of each town; the same seed gives the same ones."""
    rng = Random(seed)
    made = 0
    while made < accounts:
        town = a_town(rng)
        found = [a_case(rng, town, f"{seed}/{made + index}") for index in range(min(each, accounts - made))]
        made += len(found)
        yield town, found


def a_case(rng: Random, town: list[Made], name: str) -> Case:
    """One account of the town."""
    # The first version of a table began long ago; a later one, or an edge of the calendar, may lie inside.
    begins = [day for made in town for day, _ in made.versions[1:]]
    near = rng.choice(begins if begins and rng.random() < 0.8 else EDGES)
    person = make_account(rng, near)
    services: list[tuple[Made, Account]] = []
    other_use: dict[str, Metered] = {}
    for made in town:
        mine = replace(for_service(rng, person, made), other_use=dict(other_use))
        services.append((made, mine))
        if mine.use is not None and mine.unit is not None:
            other_use[str(made.table["service_type"])] = Metered(mine.use, mine.unit)
    return Case(name, tuple(services))
