"""Values of a rate table in words: a figure, a choice, an operation, a condition."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

MONTHS = ("", "January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip
OPERATIONS = {
    "least": "the least of", "greatest": "the greatest of", "sum": "the sum of", "product": "the product of",
    "difference": "the difference of", "average": "the average of", "quotient": "the quotient of",
    "round": "rounded", "each": "each of", "lowest": "the lowest of", "highest": "the highest of",
    "drop_lowest": "without the lowest of", "drop_highest": "without the highest of",
}  # fmt: skip


def plain_name(name: str) -> str:
    """A figure's name as words: ``dwelling_units`` is “dwelling units”, ``water.use`` “water use”."""
    return str(name).replace("_", " ").replace(".", " ")


def value_words(value: Any) -> str:
    """A value in words: a figure, a choice, an operation."""
    if value is None:
        return "none"
    if isinstance(value, Mapping):
        if "op" in value:
            return _operation_words(value)
        if "by" in value:
            names = [value["by"]] if isinstance(value["by"], str) else value["by"]
            return "an amount by " + " and ".join(plain_name(n) for n in names)
        return "an amount by date"
    text = str(value)
    return figure_words(text) if is_number(text) else plain_name(text)


def _operation_words(value: Mapping[str, Any]) -> str:
    head = OPERATIONS.get(value["op"], f"the {plain_name(value['op'])} of")
    said = f"{head} {', '.join(value_words(v) for v in value['of'])}"
    if "count" in value:
        said = said.replace(" of ", f" {value['count']} of ", 1)
    if "at_least" in value:
        said += f", at least {value_words(value['at_least'])}"
    if "at_most" in value:
        said += f", at most {value_words(value['at_most'])}"
    return said + (f", rounded {rounding_words(value['rounding'])}" if "rounding" in value else "")


def rounding_words(rounding: Mapping[str, Any]) -> str:
    """How a quantity is rounded: “up to whole steps of 1,000”."""
    step = value_words(rounding.get("step", "1"))
    modes = {"up": "up to whole steps of", "down": "down to whole steps of", "nearest": "to the nearest"}
    mode = modes.get(str(rounding.get("mode")))
    return f"{mode} {step}" if mode else "not at all"


def is_number(text: str) -> bool:
    return text.lstrip("-")[:1].isdigit() or text.lstrip("-").startswith(".")


def figure_words(text: str) -> str:
    return f"{Decimal(text):,f}"


def money_words(value: Any) -> str:
    """A price as a reader expects it: at least two places, no digit lost."""
    if isinstance(value, Mapping) or not is_number(str(value)):
        return value_words(value)
    number = Decimal(str(value))
    exponent = number.as_tuple().exponent
    places = max(2, -exponent if isinstance(exponent, int) else 2)
    return f"{number:,.{places}f}"


def when_words(conditions: Mapping[str, Any]) -> str:
    said = []
    for name, allowed in conditions.items():
        if isinstance(allowed, Mapping):
            limits = [f"at least {allowed['at_least']}"] if "at_least" in allowed else []
            limits += [f"below {allowed['below']}"] if "below" in allowed else []
            said.append(f"{plain_name(name)} {' and '.join(limits)}")
        else:
            words = [
                MONTHS[int(w)] if name == "month" else "not given" if w is None else str(w) for w in allowed
            ]
            said.append(f"{plain_name(name)} {' or '.join(words)}" if name != "month" else ", ".join(words))
    return "; ".join(said)
