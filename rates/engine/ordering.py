"""One order for the charges of several versions."""

from collections.abc import Sequence

from rates.engine.errors import RatingError


def one_order(versions: Sequence[tuple[str, ...]]) -> list[str]:
    """The ids of all charges in the order of the bill.

    That of the last version; one that only earlier versions have stands before the first charge that follows
    it in its own version and is placed, else at the end.  Raises ``RatingError`` when they contradict.
    """
    found = list(versions[-1])
    for names in reversed(versions[:-1]):
        for place, name in enumerate(names):
            if name in found:
                continue
            after = next((n for n in names[place + 1 :] if n in found), None)
            found.insert(len(found) if after is None else found.index(after), name)
    for names in versions:
        places = [found.index(n) for n in names]
        for one, other, name in zip(places, places[1:], names[1:], strict=False):
            if other < one:
                raise RatingError(
                    name,
                    "The versions of the rate table in this period list this charge at other places.",
                    "List their charges in one order.",
                )
    return found
