"""Works the values of a table for one account on one day: numbers, figures, choices and operations."""

from datetime import date
from fractions import Fraction
from typing import Any

from tests.oracle.account import Account
from tests.oracle.days import season
from tests.oracle.exact import NoPrice, is_number, number, rounded, settle
from tests.oracle.operations import operate
from tests.oracle.units import convert


class Desk:
    """One table, one account, one day."""

    def __init__(self, table: dict[str, Any], account: Account, day: date) -> None:
        self.table, self.account, self.day = table, account, day
        self.derived: dict[str, Fraction] = {}
        self._billed_use: Fraction | None = None
        self._asked = False

    # Attributes and choices

    def attribute(self, name: str) -> str | None:
        """An attribute of the account; season and month are those of the day."""
        if name == "month":
            return str(self.day.month)
        if name == "season" and self.table.get("seasons"):
            return season(self.table["seasons"], self.day)
        return self.account.attributes.get(name)

    def choose(self, value: Any) -> Any:
        """The value, list or null that a choice comes to; anything else is itself."""
        while isinstance(value, dict) and "op" not in value:
            value = self._dated(value["dated"]) if "dated" in value else self._row(value)
        return value

    def _dated(self, rows: list[dict[str, Any]]) -> Any:
        begun = [row for row in rows if date.fromisoformat(row["from"]) <= self.day]
        if not begun:
            raise NoPrice(f"Nothing has begun by {self.day}.")
        return max(begun, key=lambda row: date.fromisoformat(row["from"]))["value"]

    def _row(self, choice: dict[str, Any]) -> Any:
        by = choice["by"] if isinstance(choice["by"], list) else [choice["by"]]
        row = choice["rows"]
        for name in by:
            given = self.attribute(name)
            if given is None or given not in row:
                if "otherwise" in choice:
                    return choice["otherwise"]
                raise NoPrice(f"No row for {name} {given}.")
            row = row[given]
        return row

    def holds(self, when: dict[str, Any] | None) -> bool:
        """Whether all conditions hold; a figure that a condition asks for must be known."""
        return all(self._condition(name, asked) for name, asked in (when or {}).items())

    def _condition(self, name: str, asked: Any) -> bool:
        if isinstance(asked, list):
            given = self.attribute(name)
            if given is None and None not in asked:
                raise NoPrice(f"The {name} is not known.")
            return given in [None if one is None else str(one) for one in asked]
        figure = settle(self.one(name))
        if "at_least" in asked and figure < number(asked["at_least"]):
            return False
        return not ("below" in asked and figure >= number(asked["below"]))

    # Numbers

    def one(self, value: Any) -> Fraction:
        """The one number that a value comes to."""
        value = self.choose(value)
        found = self.figure(value) if isinstance(value, str) and not is_number(value) else self.all(value)
        if len(found) != 1:
            raise NoPrice(f"One number is needed, there are {len(found)}.")
        return found[0]

    def all(self, value: Any) -> list[Fraction]:
        """All numbers of a value where a series may stand; a series is all of its numbers."""
        value = self.choose(value)
        if is_number(value):
            return [number(value)]
        if not isinstance(value, str):
            return operate(value, self)
        if value in self.account.series and value not in self._look_backs():
            return list(self.account.series[value])
        return self.figure(value)

    def derive(self) -> None:
        """Works all derived quantities, each from those above it."""
        for entry in self.table.get("derive", []):
            if self.holds(entry.get("when")):
                self.derived[entry["name"]] = self.one(entry["value"])

    def figures(self) -> dict[str, Fraction]:
        """The derived quantities, and the billed use if anything asked for it."""
        found = dict(self.derived)
        if self._billed_use is not None:
            found["use"] = self._billed_use
        return found

    def figure(self, name: str) -> list[Fraction]:
        """The numbers that stand under a name; one, but for a look-back."""
        if name == "use":
            return [self._use()]
        if name == "days":
            return [Fraction(self.account.days)]
        if name in self.derived:
            return [self.derived[name]]
        if name.endswith(".use"):
            return [self.metered(name.removesuffix(".use"))]
        if name in self._look_backs():
            return self._past(self._look_backs()[name])
        if name in self.account.numbers:
            return [self.account.numbers[name]]
        raise NoPrice(f"{name} is not known.")

    def _look_backs(self) -> dict[str, dict[str, Any]]:
        return {entry["name"]: entry for entry in self.table.get("look_back", [])}

    def _past(self, entry: dict[str, Any]) -> list[Fraction]:
        name = entry["name"]
        if name in self.account.series:
            known = list(self.account.series[name])
        elif entry.get("what", "use") != "use":
            known = [past.use for past in self.account.past.get(name, ())]
        else:
            known = [self.converted(past.use, past.unit) for past in self.account.past.get(name, ())]
        if len(known) >= number(entry.get("at_least", 1)):
            return known
        if "otherwise" not in entry:
            raise NoPrice(f"Too few periods for {name}.")
        return [self.one(entry["otherwise"])]

    # Use

    def converted(self, use: Fraction, unit: str) -> Fraction:
        """A use in the table's unit; as it is if the table has none."""
        wanted = self.table.get("unit")
        if wanted is None:
            return use
        return convert(use, unit, wanted, self.table.get("units", []), self.one)

    def metered(self, service: str) -> Fraction:
        """The metered use of another service, in this table's unit."""
        found = self.account.other_use.get(service)
        if found is None:
            raise NoPrice(f"The use of {service} is not known.")
        return self.converted(found.use, found.unit)

    def _use(self) -> Fraction:
        if self._asked:
            raise NoPrice("The use rests on itself.")
        if self._billed_use is None:
            self._asked = True
            self._billed_use = self._billed(self.table.get("use", {}))
            self._asked = False
        return self._billed_use

    def _billed(self, rule: dict[str, Any]) -> Fraction:
        if "from" in rule:
            use = self.metered(rule["from"])
        elif self.account.use is None or self.account.unit is None:
            raise NoPrice("There is no use.")
        else:
            use = self.converted(self.account.use, self.account.unit)
        if "factor" in rule:
            use *= self.one(rule["factor"])
        if "less" in rule:
            use = max(Fraction(0), use - self.one(rule["less"]))
        if "at_least" in rule:
            use = max(use, self.one(rule["at_least"]))
        cap = self.choose(rule.get("cap"))
        if cap is not None:
            use = min(use, self.one(cap))
        return rounded(use, rule.get("rounding"))
