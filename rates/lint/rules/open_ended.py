"""Blocks and bands that end at a limit: more use than that has no price, and its bill is held."""

from collections.abc import Iterator, Mapping
from typing import Any

from rates.lint.findings import Finding
from rates.lint.rules.rule import Rule
from rates.lint.sheet import Sheet


def _check(sheet: Sheet) -> Iterator[Finding]:
    for node in sheet.components():
        for key, words in (("blocks", "price"), ("bands", "amount")):
            for place, limit in _closed(node.content.get(key), f"{node.place}.{key}"):
                yield Finding(
                    "look",
                    place,
                    f"Nothing has a {words} above {limit}, and a bill with more is held.",
                    "Add a last line without a limit, if more may be used.",
                    RULE.name,
                )


def _closed(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """The last line of each list that has a written limit, and that limit."""
    if isinstance(value, list) and value and isinstance(value[-1], Mapping):
        limit = value[-1].get("up_to")
        if limit is not None:
            yield (
                f"{place}[{len(value) - 1}].up_to",
                str(limit) if not isinstance(limit, Mapping) else "a limit",
            )
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key == "rows" and isinstance(inner, Mapping):
                yield from _rows(inner, f"{place}.rows")
            elif key == "otherwise":
                yield from _closed(inner, f"{place}.otherwise")
            elif key == "dated" and isinstance(inner, list):
                for n, row in enumerate(inner):
                    yield from _closed(row.get("value"), f"{place}.dated[{n}].value")


def _rows(rows: Mapping[str, Any], place: str) -> Iterator[tuple[str, str]]:
    for key, inner in rows.items():
        nested = isinstance(inner, Mapping) and not {"by", "dated", "op"} & set(inner)
        yield from _rows(inner, f"{place}[{key}]") if nested else _closed(inner, f"{place}[{key}]")


RULE = Rule("open_ended", "Use above the last limit.", _check)
