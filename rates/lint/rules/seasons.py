"""Seasons that are asked for and not declared, or declared and not asked for."""

from collections.abc import Iterator

from rates.lint.findings import Finding
from rates.lint.rules.rule import Rule
from rates.lint.sheet import Sheet, choices, nodes


def _check(sheet: Sheet) -> Iterator[Finding]:
    asked = _first_place(sheet)
    if asked is not None and not sheet.season_names:
        yield Finding(
            "look",
            asked,
            "It chooses by season, and the table declares no seasons.",
            "Add “seasons” with the day on which each begins, or keep the season with each service.",
            RULE.name,
        )
    if sheet.season_names and asked is None:
        yield Finding(
            "look",
            "seasons",
            "No charge asks for the season.",
            "Remove “seasons”, or price by it.",
            RULE.name,
        )
    names = [s["name"] for s in sheet.content.get("seasons", ())]
    if len(names) == 1:
        yield Finding(
            "look",
            "seasons",
            f"{names[0]} is the only season and lasts all year.",
            "Add the day on which the other season begins.",
            RULE.name,
        )


def _first_place(sheet: Sheet) -> str | None:
    for row in choices(sheet.content):
        if "season" in row.names:
            return row.place
    for node in nodes(sheet.content):
        if "season" in node.content.get("when", ()):
            return f"{node.place}.when"
    return None


RULE = Rule("seasons", "Seasons asked for and not declared, or the other way round.", _check)
