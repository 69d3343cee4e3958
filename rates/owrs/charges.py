"""The entries of a customer class as charges of a table.

``bill`` says what is added up.  What it names becomes a charge: a fixed amount, a price for each unit of
use, blocks, or a share of other charges.  Whatever else a charge rests on becomes a derived quantity.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rates.owrs.choices import Choice, NotAChoice, as_lookup, read_choice
from rates.owrs.formulas import (
    Name,
    NotArithmetic,
    Number,
    Product,
    Sum,
    Tree,
    as_value,
    filled,
    names_in,
    plain,
    read_formula,
    terms,
    times,
)
from rates.owrs.tiers import NotTiers, blocks_of

_USE = re.compile(r"^usage(_(ccf|hcf|kgal|tgal|gal|gallons|cf|af))?$", re.IGNORECASE)
_TIERED = ("tiered", "budget")
_OURS = {"days_in_period": "days", "days_in_bill": "days"}
_SEWER = ("sewer", "wastewater")
_ONE = Decimal(1)
_HUNDRED = Decimal(100)


class NotSaid(ValueError):
    """A class, or a charge, that cannot be taken over; it says why."""


@dataclass(slots=True)
class Charges:
    """The charges of one class as they are found; ``remarks`` says what was left out or assumed."""

    entries: Mapping[str, Any]
    remarks: list[str] = field(default_factory=list)
    derive: list[dict[str, Any]] = field(default_factory=list)
    made: dict[str, str] = field(default_factory=dict)
    """Charges by the entry they come from."""
    missing: list[str] = field(default_factory=list)
    """What the bill adds up and the table does not."""
    seasons: frozenset[str] = frozenset()
    uses: set[str] = field(default_factory=set)
    """How the file calls the use, in the unit of its bills."""
    _under_way: list[str] = field(default_factory=list)

    def components(self) -> list[dict[str, Any]]:
        """The charges in the order of the bill; raises ``NotSaid`` when the bill itself cannot be read."""
        found: list[dict[str, Any]] = []
        for term in terms(self._bill()):
            share, name = self._share(term)
            if not name:
                found += self._left_out("bill", lambda t=term: [self._formula("other", t)])
                continue
            if name not in self.made:
                found += self._left_out(name, lambda n=name: list(self._charges(n)))
            if share != _ONE and name in self.made:
                found += self._left_out(name, lambda n=name, s=share: [self._more(n, s)])
        self._not_billed()
        return found

    def _bill(self) -> Tree:
        text = self.entries.get("bill")
        if text is None:
            names = [n for n in ("service_charge", "commodity_charge") if n in self.entries]
            if not names:
                raise NotSaid("There is no “bill”, and neither a service charge nor a commodity charge.")
            self.remarks.append(f"There is no “bill”; taken as {' + '.join(names)}.")
            return Sum(tuple(Name(n) for n in names))
        if not isinstance(text, str):
            raise NotSaid("“bill” is not a formula.")
        try:
            return read_formula(text)
        except NotArithmetic as wrong:
            raise NotSaid(f"“bill” cannot be read: {wrong}.") from wrong

    def _left_out(self, name: str, make: Any) -> list[dict[str, Any]]:
        """What a charge makes; one that cannot be said is left out and told."""
        try:
            return [c for c in make() if c]
        except (NotSaid, NotAChoice, NotArithmetic, NotTiers) as wrong:
            self.remarks.append(f"“{name}” is left out: {wrong}.")
            self.missing.append(name)
            return []

    def _share(self, term: Tree) -> tuple[Decimal, str]:
        """How often the bill takes which entry; no name for a term that is something else."""
        if isinstance(term, Name):
            return _ONE, term.name
        if isinstance(term, Product) and not term.over and len(term.parts) == len(("share", "charge")):
            share, charge = term.parts
            if isinstance(share, Number) and isinstance(charge, Name):
                return share.value, charge.name
        return _ONE, ""

    def _charges(self, name: str) -> Iterator[dict[str, Any]]:
        if name not in self.entries:
            yield self._formula(name, Name(name))
            return
        content = self.entries[name]
        if isinstance(content, str) and content.strip().lower() in _TIERED:
            yield self._tiered(name)
            return
        choice = self._read(content)
        trees = choice.map(read_formula)
        if all(isinstance(t, Number) for t in trees.things()):
            if any(t.value for t in trees.things()):
                yield self._component(name, "fixed", amount=as_lookup(trees.map(lambda t: plain(t.value))))
            return
        if choice.names:
            yield self._by_use(name, trees)
            return
        parts = terms(next(trees.things()))
        shared = [found for t in parts if (found := self._shared(t)) is not None]
        if len(shared) == len(parts) and len({share for share, _ in shared}) == 1:
            # One per cent of several charges is one charge: it is rounded once.
            percent = plain(shared[0][0] * _HUNDRED)
            yield self._component(name, "percent", percent=percent, of_charges=[c for _, c in shared])
            return
        for i, term in enumerate(parts):
            yield self._formula(name if len(parts) == 1 else f"{name}_{i + 1}", term, of=name)

    def _read(self, content: Any) -> Choice:
        choice = read_choice(content).map(_alone)
        for thing in choice.things():
            if not isinstance(thing, str):
                raise NotSaid("it is a list, and not tiers")
        self._note_seasons(choice)
        return choice

    def _note_seasons(self, choice: Choice) -> None:
        if "season" in choice.names:
            at = choice.names.index("season")
            self.seasons |= {keys[at] for keys, _ in choice.rows}

    def _by_use(self, name: str, trees: Choice) -> dict[str, Any]:
        """A choice between formulas: prices, if all are a price times the use."""
        prices = trees.map(_price_of)
        if all(p is not None for p in prices.things()):
            return self._component(name, "per_unit", price=as_lookup(prices.map(self._value)))
        return self._component(name, "fixed", amount=as_lookup(trees.map(self._value)))

    def _formula(self, name: str, term: Tree, of: str = "") -> dict[str, Any]:
        """One term of a formula: a price times the use, a share of charges, or an amount worked out."""
        shared = self._shared(term)
        if shared is not None:
            share, charge = shared
            percent = plain(share * _HUNDRED)
            return self._component(name, "percent", of or name, percent=percent, of_charges=[charge])
        price = _price_of(term)
        if price is not None:
            self.uses |= {n.lower() for n in names_in(term) if _USE.match(n)}
            return self._component(name, "per_unit", of or name, price=self._value(price))
        if isinstance(term, Number) and not term.value:
            return {}
        return self._component(name, "fixed", of or name, amount=self._value(term))

    def _shared(self, term: Tree) -> tuple[Decimal, str] | None:
        """A number times a charge that is on the bill already."""
        constants = {n: t for n in names_in(term) if isinstance(t := self._constant(n), Number)}
        share, name = self._share(filled(term, constants))
        return (share, self.made[name]) if name in self.made else None

    def _constant(self, name: str) -> Tree | None:
        content = self.entries.get(name)
        if isinstance(content, str) and name not in self.made:
            try:
                return read_formula(content)
            except NotArithmetic:
                return None
        return None

    def _more(self, name: str, share: Decimal) -> dict[str, Any]:
        """The bill takes a charge more than once: the rest as a per cent of it."""
        percent = plain((share - _ONE) * _HUNDRED)
        return self._component(f"{name}_more", "percent", percent=percent, of_charges=[self.made[name]])

    def _tiered(self, name: str) -> dict[str, Any]:
        listed = [self._tiers(name, key) for key in ("tier_starts", "tier_prices")]
        if None in listed:
            raise NotSaid("its tiers have no starts or no prices")
        starts, prices = (read_choice(x) for x in listed)
        for choice in (starts, prices):
            self._note_seasons(choice)
        budget = self._value(Name("budget")) if "budget" in self.entries else None
        blocks, by_budget = blocks_of(starts, prices, lambda n: self._value(Name(n.lower())), budget)
        if by_budget:
            self.remarks.append("Tiers that are a part of a budget are cut to whole units of use.")
        return self._component(name, "blocks", blocks=blocks)

    def _tiers(self, name: str, key: str) -> Any:
        """Starts or prices of a charge, by the names that files give them."""
        stem = name.removesuffix("_charge")
        wanted = (f"{key}_{stem}", f"{stem}_{key}", key if stem == "commodity" else "")
        return next((self.entries[n] for n in wanted if n in self.entries), None)

    def _value(self, tree: Tree) -> Any:
        """A tree as a value of the table; whatever it names is derived first."""
        if isinstance(tree, Name) and isinstance(self.entries.get(tree.name), Mapping):
            trees = self._read(self.entries[tree.name]).map(read_formula)
            if all(isinstance(t, Number) for t in trees.things()):
                return as_lookup(trees.map(lambda t: plain(t.value)))
        constants = {n: t for n in names_in(tree) if isinstance(t := self._constant(n), Number)}
        return as_value(filled(tree, constants), self._named)

    def _named(self, name: str) -> Any:
        """What stands for a name: the use, the days, a derived quantity, or a number of the service."""
        plain_name = re.sub(r"[^a-z0-9_]+", "_", name.lower())
        if _USE.match(name):
            self.uses.add(name.lower())
            return "use"
        if name not in self.entries:
            return _OURS.get(plain_name, plain_name)
        if any(d["name"] == plain_name for d in self.derive):
            return plain_name
        content = self.entries[name]
        if isinstance(content, str) and content.strip().lower() in _TIERED:
            raise NotSaid(f"it reckons with “{name}”, which is priced in tiers")
        if name in self._under_way:
            raise NotSaid(f"“{name}” rests on itself")
        self._under_way.append(name)
        choice = self._read(content).map(read_formula)
        value = as_lookup(choice.map(self._value))
        self._under_way.remove(name)
        self.derive.append({"name": plain_name, "value": value})
        return plain_name

    def _component(
        self, name: str, kind: str, entry: str = "", of_charges: list[str] | None = None, **amounts: Any
    ) -> dict[str, Any]:
        identity = re.sub(r"[^a-z0-9_]+", "_", name.lower()).strip("_") or "charge"
        while identity in self.made.values() or identity == "all":
            identity += "_2"
        self.made.setdefault(entry or name, identity)
        sewer = any(word in identity for word in _SEWER)
        basis = {} if of_charges is None else {"of": of_charges}
        return {
            "id": identity,
            "kind": kind,
            "text": identity.replace("_", " ").capitalize(),
            "revenue_code": "SEWER" if sewer else "WATER",
            **basis,
            **amounts,
        }

    def _not_billed(self) -> None:
        """Charges that the file has and its bill does not add."""
        for name, content in self.entries.items():
            is_charge = name.endswith(("charge", "surcharge", "_fee", "_tax")) and name not in self.made
            named = any(d["name"] == name.lower() for d in self.derive)
            said = any(f"“{name}”" in r for r in self.remarks)
            if is_charge and not named and not said and not _is_nothing(content):
                self.remarks.append(f"“{name}” is not part of “bill” and is left out.")


def _alone(thing: Any) -> Any:
    """The one entry of a list that has one."""
    return thing[0] if isinstance(thing, list) and len(thing) == 1 else thing


def _is_nothing(content: Any) -> bool:
    """Zero, for everybody."""
    try:
        return all(isinstance(t, str) and not Decimal(t) for t in read_choice(content).things())
    except (NotAChoice, ArithmeticError):
        return False


def _price_of(tree: Tree) -> Tree | None:
    """The price, if the tree is a price times the use; ``None`` otherwise."""
    if isinstance(tree, Name) and _USE.match(tree.name):
        return Number(_ONE)
    if isinstance(tree, Number) and not tree.value:
        return tree
    if not isinstance(tree, Product):
        return None
    uses = [p for p in tree.parts if isinstance(p, Name) and _USE.match(p.name)]
    rest = [p for p in tree.parts if p not in uses]
    if len(uses) != 1 or any(_USE.match(n) for p in (*rest, *tree.over) for n in names_in(p)):
        return None
    price = times(*rest) if rest else Number(_ONE)
    return Product((price,), tree.over) if tree.over else price
