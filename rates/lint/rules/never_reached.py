"""Rows, blocks and conditions that no customer and no day can reach."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import zip_longest
from typing import Any

from rates.lint.findings import Finding
from rates.lint.rules.rule import Rule
from rates.lint.sheet import Node, Sheet, asked_of, choices, leaves, nodes, number, words

_MONTHS = frozenset(str(m) for m in range(1, 13))


def _check(sheet: Sheet) -> Iterator[Finding]:
    for row in choices(sheet.content):
        for name, place, keys in asked_of(row):
            unknown = keys - (_possible(sheet, name) or keys)
            if unknown:
                yield _said(
                    "look", place, f"No day has {name} {words(unknown)}.", "Correct or remove the row."
                )
    for node in nodes(sheet.content):
        if isinstance(node.content.get("when"), Mapping):
            yield from _conditions(sheet, node)
        if "dated" in node.content:
            yield from _dated(sheet, node)
        if node.content.get("kind") == "minimum" and node.content.get("beyond") != "all":
            yield from _included(node)


def _possible(sheet: Sheet, name: str) -> frozenset[str]:
    """The values that a day can have; nothing for an attribute of a service."""
    return sheet.season_names if name == "season" else _MONTHS if name == "month" else frozenset()


def _conditions(sheet: Sheet, node: Node) -> Iterator[Finding]:
    for name, allowed in node.content["when"].items():
        place = f"{node.place}.when.{name}"
        if isinstance(allowed, Mapping):
            least, below = number(allowed.get("at_least")), number(allowed.get("below"))
            if least is not None and below is not None and least >= below:
                yield _said(
                    "stop", place, f"Nothing is at least {least} and below {below}.", "Correct one of them."
                )
            continue
        possible = _possible(sheet, name)
        given = frozenset(str(w) for w in allowed if w is not None)
        if possible and given and not given & possible:
            remedy = "Write months from 1 to 12." if name == "month" else f"Write {words(possible)}."
            yield _said("stop", place, f"No day has {name} {words(given)}.", remedy)
        elif possible and given - possible:
            yield _said(
                "look", place, f"No day has {name} {words(given - possible)}.", "Correct or remove it."
            )


def _dated(sheet: Sheet, node: Node) -> Iterator[Finding]:
    starts, ends = sheet.context.starts, sheet.context.ends
    if starts is None:
        return
    days = [date.fromisoformat(row["from"]) for row in node.content["dated"]]
    if days[0] > starts:
        yield _said(
            "stop",
            f"{node.place}.dated[0].from",
            f"There is no value from {starts} up to {days[0]}.",
            "Add the value that holds when the version starts.",
        )
    for i, (day, following) in enumerate(zip_longest(days, days[1:])):
        place = f"{node.place}.dated[{i}]"
        if following is not None and following <= starts:
            yield _said("look", place, f"Its days end before the version starts on {starts}.", "Remove it.")
        elif ends is not None and day >= ends:
            yield _said("look", place, f"The version ends on {ends}, before it begins.", "Remove it.")


def _included(node: Node) -> Iterator[Finding]:
    """Blocks that lie wholly inside the use that the minimum includes; a price of zero says just that."""
    included: Any = number(node.content["includes"])
    if included is None or "times" in node.content:
        return
    for place, blocks in leaves(node.content["blocks"], f"{node.place}.blocks"):
        for i, block in enumerate(blocks):
            limit = number(block.get("up_to"))
            if limit is not None and limit <= included and number(block["price"]) != 0:
                yield _said(
                    "look",
                    f"{place}[{i}]",
                    f"The minimum includes {included}, so nobody pays the block up to {limit}.",
                    "Limits count from zero, also above a minimum: remove the block or correct its limit.",
                )


def _said(severity: Any, place: str, problem: str, remedy: str) -> Finding:
    return Finding(severity, place, problem, remedy, RULE.name)


RULE = Rule("never_reached", "Rows, blocks and conditions that nobody reaches.", _check)
