"""Seasons of a table: named spans of the year, which together cover it once."""

from dataclasses import dataclass

from rates.engine.desk import Desk
from rates.engine.reader import Reader
from rates.engine.yearly import parse_day_of_year


@dataclass(frozen=True, slots=True)
class Seasons:
    """The (month, day) on which each season begins, in order of the year."""

    starts: tuple[tuple[int, int], ...] = ()
    names: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.starts)

    def of(self, desk: Desk) -> str:
        """The season of the day on which the period is priced."""
        today = (desk.day.month, desk.day.day)
        found = self.names[-1]
        for start, name in zip(self.starts, self.names, strict=True):
            if start <= today:
                found = name
        return found


def parse_seasons(reader: Reader) -> Seasons:
    """``[{"name": "summer", "from": "05-01"}, {"name": "winter", "from": "10-01"}]``."""
    found: list[tuple[tuple[int, int], str]] = []
    for piece in reader.items():
        piece.only("name", "from")
        start = parse_day_of_year(piece.at("from"))
        if found and start <= found[-1][0]:
            raise piece.at("from").fail("Seasons begin in order of the year.", "List them from January on.")
        found.append((start, piece.at("name").words()))
    return Seasons(tuple(s for s, _ in found), tuple(n for _, n in found))
