"""What a rate table says before its charges: units, use, seasons, past use, days."""

from collections.abc import Iterator, Mapping
from typing import Any

from core.quantities import UNITS
from rates.web.value_words import MONTHS, figure_words, plain_name, rounding_words, value_words, when_words


def unit_words(content: Mapping[str, Any]) -> str:
    code = content.get("unit")
    for own in content.get("units", ()):
        if own.get("code") == code and own.get("label"):
            return str(own["label"])
    return UNITS[code].label if code in UNITS else ""


def notes_of(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What stands before the charges: label and words, one pair for each entry."""
    if unit := unit_words(content):
        yield "Use is priced in", unit
    for own in content.get("units", ()):
        yield f"1 {own.get('code')}", f"{value_words(own.get('equals'))} {own.get('of')}"
    if use := content.get("use"):
        yield "Billed use", _use_words(use)
    for season in content.get("seasons", ()):
        yield f"Season {season['name']}", f"from {day_of_year(season['from'])}"
    for past in content.get("look_back", ()):
        yield plain_name(past["name"]).capitalize(), _past_words(past, unit)
    for derived in content.get("derive", ()):
        only = f", only {when_words(derived['when'])}" if derived.get("when") else ""
        yield plain_name(derived["name"]).capitalize(), value_words(derived["value"]) + only
    yield from _days(content)


def _days(content: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if proration := content.get("proration"):
        yield "Short and long periods", _proration_words(proration)
    if content.get("currency_rounding") == "total":
        yield "Rounding", "the total is rounded, not each charge"
    if included := content.get("prices_include_tax"):
        yield "Tax", f"the prices include {figure_words(str(included))} %"
    if content.get("dated_by") == "start":
        yield "Prices of", "the first day of the period"
    if content.get("dated_by") == "days":
        yield "A change inside a period", "each price for its share of the days"
    if months := content.get("billed_in"):
        yield "Billed in", ", ".join(MONTHS[int(month)] for month in months)
    if content.get("splittable"):
        yield "A period", "may be divided without changing what it comes to"


def day_of_year(text: object) -> str:
    """``05-01`` is “May 1”."""
    month, _, day = str(text).partition("-")
    return f"{MONTHS[int(month)]} {int(day)}"


def _past_words(past: Mapping[str, Any], unit: str) -> str:
    what = {"demand": "the demand", "days": "the days"}.get(str(past.get("what")), "the use")
    of = f" of {plain_name(past['of'])}" if "of" in past else ""
    if "last" in past:
        said = f"{what}{of} in each of the last {past['last']} periods"
    else:
        months = ", ".join(MONTHS[int(m)] for m in past.get("months", ()))
        said = f"{what}{of} in each period that ended in {months}, counting from {day_of_year(past['from'])}"
    if "otherwise" in past:
        fewer = f"with fewer than {past['at_least']}" if past.get("at_least", 1) != 1 else "without any"
        said += f"; {fewer}: {value_words(past['otherwise'])} {unit}".rstrip()
    return said


def _proration_words(proration: Mapping[str, Any]) -> str:
    said = f"by days of {value_words(proration.get('full'))}"
    bounds = [f"under {value_words(proration['below'])}"] if "below" in proration else []
    bounds += [f"over {value_words(proration['above'])}"] if "above" in proration else []
    return f"{said}, if {' or '.join(bounds)} days" if bounds else said


def _use_words(use: Mapping[str, Any]) -> str:
    said = [f"from the {use['from']} meter" if "from" in use else "as metered"]
    for key, words in (("factor", "times"), ("less", "less"), ("at_least", "at least"), ("cap", "at most")):
        if key in use:
            said.append(f"{words} {_limit_words(use[key])}")
    if "rounding" in use:
        said.append(f"rounded {rounding_words(use['rounding'])}")
    return ", ".join(said)


def _limit_words(value: Any) -> str:
    """A cap by season with its rows, since it has no table of its own."""
    if (
        isinstance(value, Mapping)
        and isinstance(value.get("by"), str)
        and isinstance(value.get("rows"), Mapping)
    ):
        rows = [f"{key}: {'no limit' if v is None else value_words(v)}" for key, v in value["rows"].items()]
        return f"by {plain_name(value['by'])} ({'; '.join(rows)})"
    return value_words(value)
