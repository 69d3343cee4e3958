"""Tables with one thing wrong, or changed: both must take them, or neither."""

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

WRONG: tuple[Any, ...] = (
    7.05,
    "1e3",
    "",
    "7,05",
    None,
    True,
    "-1",
    "0",
    "1.5",
    -3,
    "Use",
    "no such",
    [],
    {},
    "+1",
    "all",
    "days",
)


def spoiled(rng: Random, table: dict[str, Any]) -> dict[str, Any]:
    """A copy with one entry taken away, added, doubled, moved or replaced."""
    found = copy.deepcopy(table)
    places = list(_places(found))
    holder = rng.choice(places)
    roll = rng.random()
    if isinstance(holder, list):
        _spoil_list(rng, holder, roll)
    elif not holder or roll < 0.1:
        holder[rng.choice(("surcharge", "Price", "up_to", "of", "taxable", "prorated"))] = rng.choice(WRONG)
    elif roll < 0.4:
        holder.pop(rng.choice(list(holder)))
    elif roll < 0.8:
        holder[rng.choice(list(holder))] = copy.deepcopy(rng.choice(WRONG))
    else:
        entry, other = rng.choice(list(holder)), rng.choice(places)
        holder[entry] = copy.deepcopy(other)
    return found


def _spoil_list(rng: Random, holder: list[Any], roll: float) -> None:
    if not holder or roll < 0.2:
        holder.append(copy.deepcopy(rng.choice(WRONG)))
    elif roll < 0.4:
        holder.pop(rng.randrange(len(holder)))
    elif roll < 0.6:
        holder.append(copy.deepcopy(rng.choice(holder)))
    elif roll < 0.8:
        rng.shuffle(holder)
    else:
        holder[rng.randrange(len(holder))] = copy.deepcopy(rng.choice(WRONG))


def _places(written: Any) -> Iterator[Any]:
    if isinstance(written, (dict, list)):
        yield written
        for inner in written.values() if isinstance(written, dict) else written:
            yield from _places(inner)
