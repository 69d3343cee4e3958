"""Tables that call themselves splittable and hold a charge that does not split by days."""

from collections.abc import Iterator, Mapping
from typing import Any

from rates.lint.findings import Finding
from rates.lint.rules.double_proration import CUT_BY_DAYS
from rates.lint.rules.rule import Rule
from rates.lint.sheet import Sheet, mentions, nodes


def _check(sheet: Sheet) -> Iterator[Finding]:
    if not sheet.content.get("splittable"):
        return
    proration: Mapping[str, Any] = sheet.content.get("proration", {})
    if {"below", "above"} & set(proration):
        yield _said(
            "proration", "Proration with bounds cuts a short part and not the whole", "Take the bounds out"
        )
    use: Mapping[str, Any] = sheet.content.get("use", {})
    for key in ("less", "at_least", "cap"):
        if key in use and use[key] is not None:
            yield _said(f"use.{key}", "Its limit of use holds for each part anew", "Take the limit out")
    for node in nodes(sheet.content):
        rounding = node.content.get("rounding")
        if isinstance(rounding, Mapping) and rounding.get("mode", "exact") != "exact":
            yield _said(
                f"{node.place}.rounding", "Each part would be rounded by itself", "Take the rounding out"
            )
    for component in sheet.components():
        why = _why_not(component.content, prorated="full" in proration)
        if why:
            yield _said(component.place, f"“{component.content['text']}” {why}", "Change the charge")


def _why_not(charge: Mapping[str, Any], *, prorated: bool) -> str:
    kind = charge["kind"]
    if kind == "bands":
        return "leaps from band to band"
    if kind == "round_up":
        return "rounds each part up by itself"
    if kind in ("percent", "tax") and {"at_least", "at_most"} & set(charge):
        return "has bounds that hold for each part anew"
    if (
        kind in CUT_BY_DAYS
        and not (prorated and charge.get("prorated", True))
        and not mentions(charge, "days")
    ):
        return "is not cut by days"
    return ""


def _said(place: str, problem: str, remedy: str) -> Finding:
    return Finding(
        "stop",
        place,
        f"{problem}, and the table says that it is splittable.",
        f"{remedy}, or take “splittable” out.",
        RULE.name,
    )


RULE = Rule("splitting", "Tables that call themselves splittable and are not.", _check)
