"""Random values: numbers, figures, choices by attribute and date, operations, conditions, roundings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

ATTRIBUTES = {
    "meter_size": ("5/8", "1", "1 1/2", "2"),
    "class": ("residential", "commercial", "industrial"),
    "location": ("inside", "outside"),
    "senior_waiver": ("yes", "no"),
}
NUMBERS = ("units", "kw", "pf", "area")
SERIES = ("winter", "readings")
SEASONS = ("summer", "winter", "shoulder")


@dataclass
class Words:
    """What the values of one table may speak of."""

    rng: Random
    near: date
    seasons: tuple[str, ...] = ()
    derived: list[str] = field(default_factory=list)
    look_backs: list[str] = field(default_factory=list)
    services: tuple[str, ...] = ()
    has_use: bool = True
    taken: set[str] = field(default_factory=set)

    def chance(self, of_one: float) -> bool:
        """True so often."""
        return self.rng.random() < of_one

    def number(self, low: float, high: float, places: int) -> str:
        """A number as a table writes it."""
        scaled = self.rng.randint(round(low * 10**places), round(high * 10**places))
        if places == 0:
            return str(scaled)
        digits = f"{abs(scaled):0{places + 1}d}"
        return f"{'-' if scaled < 0 else ''}{digits[:-places]}.{digits[-places:]}"

    def bare(self, written: Any) -> Any:
        """Now and then a whole number stands without quotes."""
        if not isinstance(written, str):
            return written
        return int(written) if "." not in written and self.chance(0.2) else written

    def value(self, make: Callable[[], Any], depth: int = 0) -> Any:
        """A number that ``make`` gives, or something that comes to a number like it."""
        roll = self.rng.random()
        if depth > 1 or roll < (0.93 if depth else 0.66):
            return self.bare(make())
        if roll < (0.98 if depth else 0.86):
            return self.choice(lambda: self.value(make, depth + 1))
        return self.operation(make, depth)

    def choice(self, make: Callable[[], Any], *, short: bool = False) -> dict[str, Any]:
        """A choice by one attribute, by two, or by date; a short one has few rows."""
        roll = self.rng.random()
        if roll < 0.3:
            return {"dated": self.dated(make)}
        names = self._choosers(2 if roll > 0.85 and not short else 1)
        if short and names == ["month"]:
            names = ["class"]
        rows = self._rows(names, make)
        chosen: dict[str, Any] = {
            "by": names if len(names) > 1 or self.chance(0.2) else names[0],
            "rows": rows,
        }
        if self.chance(0.55):
            chosen["otherwise"] = make()
        return chosen

    def dated(self, make: Callable[[], Any]) -> list[dict[str, Any]]:
        """Rows that begin around the periods that are priced."""
        begins = sorted({self.near + timedelta(days=self.rng.randint(-70, 70)) for _ in range(2)})
        first = self.near - timedelta(days=4000 if self.chance(0.95) else 20)
        return [{"from": day.isoformat(), "value": make()} for day in sorted({first, *begins})]

    def _choosers(self, count: int) -> list[str]:
        found = self.rng.sample([*ATTRIBUTES, "month"], count)
        if self.seasons and self.chance(0.5):
            found[0] = "season"
        return found

    def known(self, attribute: str) -> tuple[str, ...]:
        """The values of an attribute."""
        if attribute == "season":
            return self.seasons
        return ATTRIBUTES.get(attribute, tuple(str(month) for month in range(1, 13)))

    def _rows(self, names: list[str], make: Callable[[], Any]) -> dict[str, Any]:
        known = list(self.known(names[0]))
        if self.chance(0.12) and len(known) > 1:
            known.remove(self.rng.choice(known))
        return {key: self._rows(names[1:], make) if names[1:] else make() for key in known}

    def figure(self) -> str:
        """The name of a number that is known, as a rule."""
        names = [*NUMBERS, "units", "days", *self.derived, *self.derived]
        if self.has_use:
            names += ["use", "use", *(f"{service}.use" for service in self.services)]
        return self.rng.choice(names)

    def _edge(self) -> dict[str, Any]:
        """A third taken three times, or a number below zero, rounded: where a careless rounding shows."""
        figure = self.rng.choice(("units", "units", "area", "days", *(["use"] if self.has_use else [])))
        thirds = {"op": "quotient", "of": [figure, self.rng.choice(("3", "7", "11"))]}
        below = {"op": "difference", "of": [self.number(0, 3, 1), figure]}
        if self.chance(0.5):
            return {"op": "product", "of": [thirds, thirds["of"][1]], "rounding": self.rounding()}
        return {"op": self.rng.choice(("sum", "round")), "of": [below], "rounding": self.rounding()}

    def operation(self, make: Callable[[], Any], depth: int = 0) -> dict[str, Any]:
        """An operation on numbers, figures and series that comes to one number."""
        if self.chance(0.12):
            return self._edge()
        op = self.rng.choice(
            ("sum", "product", "average", "least", "greatest", "difference", "quotient", "round")
        )
        parts = [self._operand(make, depth) for _ in range(1 if op == "round" else self.rng.randint(1, 3))]
        if op in ("average", "least", "greatest", "sum") and self.chance(0.5):
            parts = [self.series()]
        if op == "quotient":
            parts = [parts[0], self.rng.choice(("30", "3", "7.5", "units"))]
        if op == "product":
            parts = [*parts[:1], self.number(0, 3, 2)]
        written: dict[str, Any] = {"op": op, "of": parts}
        if self.chance(0.35):
            written["at_least"] = self.number(0, 5, 1)
        if self.chance(0.35):
            written["at_most"] = self.number(5, 60, 1)
        if op == "round" or self.chance(0.35):
            written["rounding"] = self.rounding()
        return written

    def _operand(self, make: Callable[[], Any], depth: int) -> Any:
        return self.figure() if self.chance(0.5) else self.value(make, depth + 1)

    def series(self) -> Any:
        """A series by name, or so many of it, or it within bounds."""
        name: Any = self.rng.choice((*SERIES, *self.look_backs, *self.look_backs))
        if self.chance(0.25):
            name = {"op": "each", "of": [name], "at_least": self.number(2, 9, 0)}
            if self.chance(0.5):
                name["rounding"] = self.rounding()
        if self.chance(0.6):
            op = self.rng.choice(("lowest", "highest", "drop_lowest", "drop_highest"))
            return {"op": op, "of": [name], "count": self.bare(str(self.rng.choice((1, 1, 2, 3))))}
        return name

    def rounding(self) -> dict[str, Any]:
        """A rule of rounding."""
        rule = {"mode": self.rng.choice(("up", "nearest", "down", "up", "exact"))}
        if self.chance(0.7):
            rule["step"] = self.rng.choice(("1", "0.1", "0.01", "0.25", "10", "100", "1000"))
        return rule

    def when(self) -> dict[str, Any]:
        """Conditions, one or two."""
        return dict(self._condition() for _ in range(2 if self.chance(0.2) else 1))

    def _condition(self) -> tuple[str, Any]:
        roll = self.rng.random()
        if roll < 0.3 and self.seasons:
            return "season", self.rng.sample(self.seasons, self.rng.randint(1, len(self.seasons)))
        if roll < 0.45:
            return "month", sorted(self.rng.sample(range(1, 13), self.rng.randint(3, 11)))
        if roll < 0.75:
            name = self.rng.choice(list(ATTRIBUTES))
            known: list[Any] = [*ATTRIBUTES[name], None]
            return name, self.rng.sample(known, self.rng.randint(1, len(known)))
        bounds = self.rng.choice((("at_least",), ("below",), ("at_least", "below")))
        least, below = self.rng.choice(
            (("1", "3"), ("2", "10"), ("22", "31"), ("2000", "2001"), ("3", "60.5"))
        )
        limits = {"at_least": self.bare(least), "below": below}
        return self.figure(), {bound: limits[bound] for bound in bounds}
