"""Series of past periods: the winter average, the highest demand of the last year."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.periods import Period
from rates.engine.desk import Desk
from rates.engine.facts import ServiceUse
from rates.engine.lookups import Value, optional_value
from rates.engine.reader import Reader
from rates.engine.yearly import day_in, parse_day_of_year

_MONTHS = 12


@dataclass(frozen=True, slots=True)
class LookBack:
    """Which past periods a table looks at, and what it takes when there are too few.

    ``of`` is the service looked back on, ``what`` is ``use``, ``demand`` or ``days`` (how many a period had).
    Either ``months`` (in the order of the stretch) with ``starts`` (month, day), or ``last``, the number of
    periods before this one.
    """

    name: str
    of: str
    what: str
    months: tuple[int, ...]
    starts: tuple[int, int] | None
    last: int | None
    at_least: int
    otherwise: Value | None

    def window(self, day: date) -> Period | None:
        """The stretch in which past periods end that price a period whose last day is ``day``.

        Those count whose last day is in it and in one of the ``months``.  ``None`` for a look-back on the
        last periods.
        """
        if self.starts is None:
            return None
        begun = day_in(day.year, self.starts)
        if begun > day:
            begun = day_in(day.year - 1, self.starts)
        first, last = self.months[0], self.months[-1]
        year = begun.year
        if _after(year, last) > begun:
            year -= 1
        return Period(date(year - 1 if first > last else year, first, 1), _after(year, last))

    def numbers(self, desk: Desk) -> tuple[Decimal, ...]:
        """The series, in the unit of the table; a demand as it was measured, days as they were."""
        found = desk.facts.series.get(self.name)
        if found is None:
            found = tuple(self._number(past, desk) for past in desk.facts.past.get(self.name, ()))
        if len(found) >= self.at_least:
            return found
        if self.otherwise is None:
            words = self.name.replace("_", " ")
            raise desk.fail(
                f"Of {words} {len(found)} past periods are known and {self.at_least} are needed.",
                "Enter the past use, or let the table say “otherwise”.",
            )
        return (self.otherwise.of(desk),)

    def _number(self, past: ServiceUse, desk: Desk) -> Decimal:
        if self.what != "use" and past.use.is_finite():
            return past.use
        return desk.tariff.use.converted(desk, past.use, past.unit, f"past {self.of}")


def _after(year: int, month: int) -> date:
    """The first day after a month."""
    return date(year + month // _MONTHS, month % _MONTHS + 1, 1)


def parse_look_back(reader: Reader, service_type: str, priced: bool) -> tuple[LookBack, ...]:
    """The entries of ``look_back``; ``priced`` is whether the table has a unit to price use in."""
    return tuple(_one(piece, service_type, priced) for piece in reader.items())


def _one(reader: Reader, service_type: str, priced: bool) -> LookBack:
    reader.only("name", "of", "what", "months", "from", "last", "at_least", "otherwise")
    name = reader.at("name").name()
    if not reader.book.is_free(name):
        raise reader.at("name").fail(f"“{name}” is taken.", "Choose another name.")
    what = reader.choice("what", ("use", "demand", "days"), otherwise="use")
    if what == "use" and not priced:
        raise reader.fail("It looks back on use, but the table has no unit.", "Add “unit”, as KGAL.")
    if reader.has("last") == reader.has("months"):
        raise reader.fail(
            "It says not plainly which periods.", "Write either “months” and “from”, or “last”."
        )
    if reader.has("months") != reader.has("from"):
        raise reader.fail("“months” and “from” belong together.", "Write both, or “last” alone.")
    before = len(reader.book.mentions)
    found = LookBack(
        name,
        reader.at("of").name() if reader.has("of") else service_type,
        what,
        _months(reader.at("months")) if reader.has("months") else (),
        parse_day_of_year(reader.at("from")) if reader.has("from") else None,
        _count(reader.at("last")) if reader.has("last") else None,
        _count(reader.at("at_least")) if reader.has("at_least") else 1,
        optional_value(reader, "otherwise"),
    )
    if name in reader.book.mentions:
        raise reader.at("name").fail(f"“{name}” is used above.", "Look back before it is used.")
    reader.book.rests_on(name, reader.book.mentions[before:])
    reader.book.look_backs.add(name)
    return found


def _months(reader: Reader) -> tuple[int, ...]:
    found: list[int] = []
    for piece in reader.items():
        month = piece.content
        if not isinstance(month, int) or isinstance(month, bool) or not 1 <= month <= _MONTHS:
            raise piece.fail(f"{month!r} is no month.", "Write 1 for January to 12 for December.")
        found.append(month)
    since = [(month - found[0]) % _MONTHS for month in found]
    if since != sorted(set(since)):
        raise reader.fail("The months are not in order, or one is listed twice.", "Write them like 12, 1, 2.")
    return tuple(found)


def _count(reader: Reader) -> int:
    found = reader.number()
    if found < 1 or found != int(found):
        raise reader.fail("A whole number from 1 is expected.", "Write for example 3.")
    return int(found)
