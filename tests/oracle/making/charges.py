"""Random charges of every kind."""

from collections.abc import Callable
from functools import partial
from typing import Any

from tests.oracle.making.values import Words

KINDS = (
    *(
        "fixed",
        "fixed",
        "per_unit",
        "per_unit",
        "rider",
        "blocks",
        "blocks",
        "blocks",
        "minimum",
        "containers",
    ),
    *("bands", "percent", "percent", *("minimum_bill", "maximum_bill") * 2, "tax", "tax", "round_up"),
)
CUT_BY_DAYS = ("fixed", "containers", "bands", "minimum", "blocks", "minimum_bill", "maximum_bill")
RESTING = ("percent", "minimum_bill", "maximum_bill", "tax", "round_up")


class Charges:
    """Makes the charges of one table; ``scale`` is what a usual use comes to in its unit."""

    def __init__(self, words: Words, scale: float, others: list[str], *, prorates: bool) -> None:
        self.words, self.rng = words, words.rng
        self.scale, self.others, self.prorates = scale, others, prorates

    def make(self, name: str, kind: str, above: list[dict[str, Any]]) -> dict[str, Any]:
        """A charge of that kind, which may rest on those above."""
        if kind in RESTING and not above:
            kind = "fixed"
        if kind == "tax" and not any(c.get("taxable") for c in above):
            above[-1]["taxable"] = True
        charge: dict[str, Any] = {"id": name, "kind": kind, "text": name.title(), "revenue_code": "R"}
        charge |= getattr(self, f"_{kind}")(above)
        return charge | self._common(kind)

    def _common(self, kind: str) -> dict[str, Any]:
        chance = self.words.chance
        found: dict[str, Any] = {}
        if chance(0.45):
            found["taxable"] = chance(0.85)
        if chance(0.2):
            found["when"] = self.words.when()
        if chance(0.15):
            found["show_zero"] = chance(0.5)
        if chance(0.14):
            found["stops_at"] = self.words.value(lambda: self.words.number(5, 300, 2))
        if self.prorates and chance(0.35) and kind in (*CUT_BY_DAYS, "per_unit", "rider"):
            found["prorated"] = chance(0.6)
        if chance(0.05):
            found["falls_with_use"] = True
        return found

    def _price(self) -> Any:
        if self.words.chance(0.15):
            # A third, or a cubic foot in thousand gallons, of one of these is exactly half a cent.
            return self.rng.choice(("0.015", "0.045", "1.485", "6.015625", "30.078125"))
        places = self.rng.choice((2, 2, 3, 4, 5))
        low = -3 if self.words.chance(0.08) else 0
        return self.words.value(lambda: self.words.number(low, 12, places))

    def _amount(self) -> Any:
        low = -20 if self.words.chance(0.05) else 0
        return self.words.value(lambda: self.words.number(low, 90, self.rng.choice((2, 2, 2, 3))))

    def _count(self) -> Any:
        return "units" if self.words.chance(0.5) else self.words.value(lambda: self.words.number(0, 4, 0))

    def _quantity(self, *, always: bool = False) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if always or not self.words.has_use or self.words.chance(0.25):
            asked = self.words.chance(0.5)
            found["quantity"] = self.words.figure() if asked else self.words.operation(self._price)
            if self.words.chance(0.25):
                counted = "use" if self.words.has_use and self.words.chance(0.5) else "units"
                found["quantity"] = {"op": "quotient", "of": [counted, self.rng.choice(("3", "9"))]}
        if self.words.chance(0.2):
            found["rounding"] = self.words.rounding()
        return found

    def _per(self) -> dict[str, Any]:
        per = "1000" if self.scale > 1000 else self.rng.choice(("10", "100", "3"))
        return {"per": self.words.bare(per)} if self.scale > 1000 or self.words.chance(0.3) else {}

    def _fixed(self, _: Any) -> dict[str, Any]:
        found = {"amount": self._amount()}
        return found | ({"times": self._count()} if self.words.chance(0.3) else {})

    def _per_unit(self, _: Any) -> dict[str, Any]:
        return {**self._quantity(), "price": self._price(), **self._per()}

    _rider = _per_unit

    def _limits(self, entry: str, make: Callable[[], Any]) -> list[dict[str, Any]]:
        """Blocks or bands whose limits rise, some of them worked from figures."""
        rows: list[dict[str, Any]] = []
        reached = 0.0
        for _ in range(self.rng.randint(0, 4)):
            reached += self.rng.choice((0.1, 0.2, 0.3, 0.5)) * self.scale
            limit: Any = f"{reached:.1f}" if self.words.chance(0.3) else str(max(1, round(reached)))
            reached = float(limit)
            if self.words.chance(0.12):
                limit = {"op": "product", "of": [self.rng.choice(("units", "pf")), limit]}
            elif self.words.chance(0.08):
                limit = self.words.choice(partial(str, limit))
            rows.append({"up_to": limit, entry: make()})
        if self.words.chance(0.95) or not rows:
            rows.append({entry: make()} if self.words.chance(0.8) else {"up_to": None, entry: make()})
        return rows

    def _listed(self, entry: str, make: Callable[[], Any]) -> Any:
        """One list, or a choice among several."""
        if self.words.chance(0.25):
            return self.words.choice(lambda: self._limits(entry, make), short=True)
        return self._limits(entry, make)

    def _blocks(self, _: Any) -> dict[str, Any]:
        found = {**self._quantity(), "blocks": self._listed("price", self._price), **self._per()}
        if self.words.chance(0.3):
            by_days = {"op": "quotient", "of": ["days", "30"]}
            found["limits_times"] = by_days if self.words.chance(0.4) else self._count()
        return found

    def _minimum(self, above: Any) -> dict[str, Any]:
        places = 1 if self.words.chance(0.3) else 0
        found = {
            **self._blocks(above),
            "amount": self._amount(),
            "includes": self.words.value(lambda: self.words.number(0, self.scale * 0.7, places)),
        }
        if self.words.chance(0.3):
            found["times"] = self._count()
        if self.words.chance(0.4):
            found["beyond"] = self.rng.choice(("rest", "all"))
        return found

    def _containers(self, _: Any) -> dict[str, Any]:
        found = {"quantity": self._count() if self.words.chance(0.6) else self.words.figure()}
        found |= {"first": self._amount(), "additional": self._amount()}
        return found | ({"first_count": self.rng.choice(("1", "2", 3))} if self.words.chance(0.3) else {})

    def _bands(self, _: Any) -> dict[str, Any]:
        return {**self._quantity(), "bands": self._listed("amount", self._amount)}

    def _of(self, above: list[dict[str, Any]]) -> dict[str, Any]:
        chance = self.words.chance
        ids = [c["id"] for c in above]
        listed = ["all"] if chance(0.35) else self.rng.sample(ids, self.rng.randint(1, len(ids)))
        found: dict[str, Any] = {"of": listed}
        if self.others and chance(0.3):
            other = self.rng.choice(self.others)
            found["of"] = [other] if chance(0.4) else [*listed, other]
            if other.endswith(".missing") or chance(0.3):
                found["if_missing"] = "nothing" if chance(0.8) else "refuse"
        if chance(0.5):
            found["basis"] = self.rng.choice(("exact", "billed"))
        return found

    def _percent(self, above: list[dict[str, Any]]) -> dict[str, Any]:
        places = self.rng.choice((0, 1, 2, 3))
        low = -20 if self.words.chance(0.15) else 0
        found = self._of(above) | {"percent": self.words.value(lambda: self.words.number(low, 55, places))}
        if self.words.chance(0.2):
            found["gross_up"] = self.words.chance(0.85)
        if self.words.chance(0.15):
            found["at_least"] = self.words.value(lambda: self.words.number(0, 4, 2))
        if self.words.chance(0.15):
            found["at_most"] = self.words.value(lambda: self.words.number(2, 30, 2))
        return found

    def _tax(self, above: list[dict[str, Any]]) -> dict[str, Any]:
        found = self._percent(above) | {"tax_code": self.rng.choice(("SALES", "STATE"))}
        if self.words.chance(0.6):
            found.pop("of")
        return found

    def _minimum_bill(self, above: list[dict[str, Any]]) -> dict[str, Any]:
        found = self._of(above) | {"amount": self._amount()}
        if self.words.chance(0.3):
            found["amount"] = f"{self.words.number(0, 900, 2)}5"
        return found | ({"times": self._count()} if self.words.chance(0.2) else {})

    def _maximum_bill(self, above: list[dict[str, Any]]) -> dict[str, Any]:
        return self._minimum_bill(above)

    def _round_up(self, above: list[dict[str, Any]]) -> dict[str, Any]:
        step = {"step": self.rng.choice(("1", "5", "0.05", "0.25", 10))} if self.words.chance(0.6) else {}
        return self._of(above) | step
