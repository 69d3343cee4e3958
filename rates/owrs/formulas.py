"""Formulas of a file: ``+ - * / ( )``, numbers and names, read into a tree and written as operations."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

_TOKEN = re.compile(r"\s*(?:(\d+\.?\d*|\.\d+)|([A-Za-z_][A-Za-z0-9_.]*)|([-+*/(),]))")
_DEEPEST = 60


class NotArithmetic(ValueError):
    """Text that is no formula this reader knows; it says what stands there."""


@dataclass(frozen=True, slots=True)
class Number:
    value: Decimal


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Sum:
    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Product:
    """``over`` are divided by, all at once, so that nothing is lost on the way."""

    parts: tuple["Tree", ...]
    over: tuple["Tree", ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A function of the format's own reader that tables have too."""

    operation: str
    rounding: str
    parts: tuple["Tree", ...]


Tree = Number | Name | Sum | Product | Call
FUNCTIONS = {
    "max": ("greatest", ""),
    "pmax": ("greatest", ""),
    "min": ("least", ""),
    "pmin": ("least", ""),
    "ceiling": ("round", "up"),
    "floor": ("round", "down"),
}
MINUS = Number(Decimal(-1))


def read_formula(text: str) -> Tree:
    """The tree of a formula; raises ``NotArithmetic``."""
    tokens = list(_tokens(text))
    tree, rest = _sum(tokens, 0, 0)
    if rest < len(tokens):
        raise NotArithmetic(f"“{tokens[rest]}” in “{text}”")
    return tree


def _tokens(text: str) -> Iterator[str]:
    at, text = 0, text.strip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if not found:
            raise NotArithmetic(f"“{text[at:].strip()[:20]}” in “{text[:60]}”")
        yield found.group(0).strip()
        at = found.end()


def _sum(tokens: list[str], at: int, depth: int) -> tuple[Tree, int]:
    if depth > _DEEPEST:
        raise NotArithmetic("brackets that are nested too deeply")
    part, at = _product(tokens, at, depth)
    parts = [part]
    while at < len(tokens) and tokens[at] in "+-":
        sign = tokens[at]
        part, at = _product(tokens, at + 1, depth)
        parts.append(times(MINUS, part) if sign == "-" else part)
    return (parts[0] if len(parts) == 1 else Sum(tuple(parts))), at


def _product(tokens: list[str], at: int, depth: int) -> tuple[Tree, int]:
    part, at = _atom(tokens, at, depth)
    parts: list[Tree] = [part]
    over: list[Tree] = []
    while at < len(tokens) and tokens[at] in "*/":
        sign = tokens[at]
        part, at = _atom(tokens, at + 1, depth)
        (parts if sign == "*" else over).append(part)
    return (parts[0] if len(parts) == 1 and not over else _flat(parts, over)), at


def _atom(tokens: list[str], at: int, depth: int) -> tuple[Tree, int]:
    if at >= len(tokens):
        raise NotArithmetic("a formula that breaks off")
    token = tokens[at]
    if token in "+-":
        part, at = _atom(tokens, at + 1, depth + 1)
        return (times(MINUS, part) if token == "-" else part), at
    if token == "(":
        part, at = _sum(tokens, at + 1, depth + 1)
        if at >= len(tokens) or tokens[at] != ")":
            raise NotArithmetic("a bracket that is not closed")
        return part, at + 1
    if token[0].isdigit() or token[0] == ".":
        return Number(Decimal(token)), at + 1
    if token in "*/),":
        raise NotArithmetic(f"“{token}” where a number or a name is expected")
    if at + 1 < len(tokens) and tokens[at + 1] == "(":
        return _call(tokens, at, depth)
    return Name(token), at + 1


def _call(tokens: list[str], at: int, depth: int) -> tuple[Tree, int]:
    name = tokens[at].lower()
    if name not in FUNCTIONS:
        raise NotArithmetic(f"the function “{tokens[at]}”")
    part, at = _sum(tokens, at + 2, depth + 1)
    parts = [part]
    while at < len(tokens) and tokens[at] == ",":
        part, at = _sum(tokens, at + 1, depth + 1)
        parts.append(part)
    if at >= len(tokens) or tokens[at] != ")":
        raise NotArithmetic("a bracket that is not closed")
    operation, rounding = FUNCTIONS[name]
    if rounding and len(parts) != 1:
        raise NotArithmetic(f"“{name}” of several numbers")
    return Call(operation, rounding, tuple(parts)), at + 1


def times(*parts: Tree) -> Tree:
    """The product of trees, numbers drawn together."""
    return _flat(list(parts), [])


def _flat(parts: list[Tree], over: list[Tree]) -> Tree:
    """Products inside a product become part of it; its numbers become one in front."""
    above: list[Tree] = []
    below: list[Tree] = []
    for part in parts:
        above.extend(part.parts if isinstance(part, Product) else (part,))
        below.extend(part.over if isinstance(part, Product) else ())
    for part in over:
        below.extend(part.parts if isinstance(part, Product) else (part,))
        above.extend(part.over if isinstance(part, Product) else ())
    number = Decimal(1)
    for part in above:
        number *= part.value if isinstance(part, Number) else 1
    rest: list[Tree] = [p for p in above if not isinstance(p, Number)]
    front: list[Tree] = [Number(number)] if number != 1 or not rest else []
    if not below and len(front) + len(rest) == 1:
        return (front + rest)[0]
    return Product(tuple(front + rest), tuple(below))


def filled(tree: Tree, known: Mapping[str, Tree]) -> Tree:
    """The tree with known names replaced."""
    if isinstance(tree, Name):
        return known.get(tree.name, tree)
    if isinstance(tree, Sum):
        return Sum(tuple(filled(p, known) for p in tree.parts))
    if isinstance(tree, Call):
        return Call(tree.operation, tree.rounding, tuple(filled(p, known) for p in tree.parts))
    if isinstance(tree, Product):
        return _flat([filled(p, known) for p in tree.parts], [filled(p, known) for p in tree.over])
    return tree


def terms(tree: Tree) -> tuple[Tree, ...]:
    """What a tree adds up, brackets multiplied out where a factor stands before them."""
    if isinstance(tree, Sum):
        return tuple(t for part in tree.parts for t in terms(part))
    if isinstance(tree, Product):
        for i, part in enumerate(tree.parts):
            if isinstance(part, Sum):
                rest = [*tree.parts[:i], *tree.parts[i + 1 :]]
                return tuple(t for p in part.parts for t in terms(_flat([*rest, p], list(tree.over))))
    return (tree,)


def names_in(tree: Tree) -> Iterator[str]:
    """Every name, as often as it stands."""
    if isinstance(tree, Name):
        yield tree.name
    elif isinstance(tree, Sum | Call):
        for part in tree.parts:
            yield from names_in(part)
    elif isinstance(tree, Product):
        for part in (*tree.parts, *tree.over):
            yield from names_in(part)


def as_value(tree: Tree, named: Callable[[str], Any]) -> Any:
    """The tree as a value of a rate table; ``named`` gives what stands for a name."""
    if isinstance(tree, Number):
        return plain(tree.value)
    if isinstance(tree, Name):
        return named(tree.name)
    if isinstance(tree, Sum):
        return {"op": "sum", "of": [as_value(p, named) for p in tree.parts]}
    if isinstance(tree, Call):
        made = {"op": tree.operation, "of": [as_value(p, named) for p in tree.parts]}
        return {**made, "rounding": {"mode": tree.rounding}} if tree.rounding else made
    above = [as_value(p, named) for p in tree.parts]
    top = above[0] if len(above) == 1 else {"op": "product", "of": above}
    if not tree.over:
        return top
    return {"op": "quotient", "of": [top, *(as_value(p, named) for p in tree.over)]}


def plain(value: Decimal) -> str:
    """A number as tables write it."""
    return f"{value:f}"
