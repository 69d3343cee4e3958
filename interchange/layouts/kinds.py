"""The kinds of value that a field may hold.  Pure.  A further kind is one entry of ``KINDS``."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from interchange.layouts.outcome import DoesNotFit, Unreadable, Value

if TYPE_CHECKING:
    from interchange.layouts.fields import Field

KindName = Literal["text", "int", "decimal", "date", "datetime", "choice", "implied-cents"]

_WHOLE = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)")
_DIGIT = re.compile(r"[0-9]")
# A form of digits only, such as %m%d%y, must fill its whole width: strptime would split 1122026 two ways.
_DIGITS_ONLY = re.compile(r"(%[YmdHMSy])+")
_CENTS = Decimal(100)
# Decimal computes with 28 digits; a longer number in a file is a shifted column, not a quantity.
MOST_DIGITS = 28


@dataclass(frozen=True, slots=True)
class Kind:
    """Reading (may raise ``Unreadable``), writing (may raise ``DoesNotFit``), and the size of a text."""

    read: "Callable[[Field, str], Value]"
    write: "Callable[[Field, Value], str]"
    size: Callable[[str], int] = len


def fold(name: str) -> str:
    """A name without regard to case and to blank, hyphen or underscore: ``Read Unit`` is ``read_unit``."""
    return re.sub(r"[\s_\-]+", "_", name.strip().casefold()).strip("_")


def _digits(text: str) -> int:
    return len(_DIGIT.findall(text))


def _wrong(field: "Field", value: Value) -> DoesNotFit:
    return DoesNotFit(field.name, value, f"is not a value of kind {field.kind}.")


def _read_text(field: "Field", text: str) -> Value:
    return text


def _write_text(field: "Field", value: Value) -> str:
    if not isinstance(value, str):
        raise _wrong(field, value)
    return value


def _check_number(field: "Field", text: str) -> None:
    if _digits(text) > MOST_DIGITS:
        raise Unreadable(
            "too_long",
            f"“{text[:40]}” has more than {MOST_DIGITS} digits.",
            "Check that it stands in the right column.",
        )
    if text.startswith("-") and not field.signed:
        raise Unreadable("negative", f"“{text}” is negative.", "This column takes no number below zero.")


def _finite(field: "Field", value: Value) -> Decimal:
    if not isinstance(value, Decimal) or not value.is_finite() or abs(value.adjusted()) > MOST_DIGITS:
        raise _wrong(field, value)
    return value


def _read_int(field: "Field", text: str) -> Value:
    if not _WHOLE.fullmatch(text):
        raise Unreadable(
            "not_whole", f"“{text[:40]}” is not a whole number.", "Write digits only, such as 1250."
        )
    _check_number(field, text)
    return int(text)


def _write_int(field: "Field", value: Value) -> str:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(field, value)
    return str(value)


def _read_decimal(field: "Field", text: str) -> Value:
    if not _DECIMAL.fullmatch(text):
        raise Unreadable(
            "not_a_number",
            f"“{text[:40]}” is not a number.",
            "Write digits and at most one point, without separators for thousands, such as 1250.5.",
        )
    _check_number(field, text)
    return Decimal(text)


def _write_decimal(field: "Field", value: Value) -> str:
    number = _finite(field, value)
    return format(number if number else abs(number), "f")


def _read_cents(field: "Field", text: str) -> Value:
    if not _WHOLE.fullmatch(text):
        raise Unreadable(
            "not_cents",
            f"“{text[:40]}” is not an amount in cents.",
            "Write whole cents without a point: 1250 is 12.50.",
        )
    _check_number(field, text)
    return (Decimal(text) / _CENTS).quantize(Decimal("0.01"))


def _write_cents(field: "Field", value: Value) -> str:
    cents = _finite(field, value) * _CENTS
    if cents != cents.to_integral_value():
        raise DoesNotFit(field.name, value, "has parts of a cent.")
    return format(int(cents), "d")


def _when(field: "Field", text: str) -> datetime | date | None:
    if not text.isascii():
        return None
    for form in field.formats:
        try:
            moment = datetime.strptime(text, form)
        except ValueError:
            continue
        if _DIGITS_ONLY.fullmatch(form) and moment.strftime(form) != text:
            continue
        return moment if "%H" in form or "%I" in form else moment.date()
    return None


def _read_moment(field: "Field", text: str) -> Value:
    moment = _when(field, text)
    if moment is None:
        raise Unreadable(
            "not_a_date",
            f"“{text[:40]}” is not a date that this column takes.",
            f"Write it like {_example(field)}.",
        )
    return moment


def _read_date(field: "Field", text: str) -> Value:
    moment = _read_moment(field, text)
    return moment.date() if isinstance(moment, datetime) else moment


def _example(field: "Field") -> str:
    return datetime.combine(date(2026, 11, 22), time(13, 5)).strftime(field.formats[0])


def _write_moment(field: "Field", value: Value) -> str:
    if not isinstance(value, date):
        raise _wrong(field, value)
    for form in field.formats:
        text = value.strftime(form)
        if _when(field, text) == value:
            return text
    raise DoesNotFit(field.name, value, f"cannot be said in the form {field.formats[0]}.")


def _read_choice(field: "Field", text: str) -> Value:
    if text in field.choices:
        return field.choices[text]
    wanted = fold(text)
    for word, value in field.choices.items():
        if fold(word) == wanted:
            return value
    raise Unreadable(
        "unknown_choice",
        f"“{text[:40]}” is not one of {', '.join(word for word in field.choices if word)}.",
        "Use one of these.",
    )


def _write_choice(field: "Field", value: Value) -> str:
    for word, meant in field.choices.items():
        if meant == value:
            return word
    raise DoesNotFit(field.name, value, f"is not one of {', '.join(dict.fromkeys(field.choices.values()))}.")


KINDS: dict[KindName, Kind] = {
    "text": Kind(_read_text, _write_text),
    "int": Kind(_read_int, _write_int, _digits),
    "decimal": Kind(_read_decimal, _write_decimal, _digits),
    "implied-cents": Kind(_read_cents, _write_cents, _digits),
    "date": Kind(_read_date, _write_moment),
    "datetime": Kind(_read_moment, _write_moment),
    "choice": Kind(_read_choice, _write_choice),
}
