"""What a report asks for, and how that is read from the address of its page."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from core.money import parse_amount, show_amount

ParameterKind = Literal["date", "month", "text", "whole", "amount", "choice"]
Asked = date | str | int | Decimal | None
Choices = Sequence[tuple[str, str]]

# Names in the address that say how a report is shown, not what it is about.
SHOWN_HOW = frozenset({"form", "page"})


@dataclass(frozen=True, slots=True)
class Parameter:
    """One question of a report.  ``choices`` are (value, label) pairs, or what finds them.

    ``default`` is given today and answers when the address does not.  With neither, a ``required`` parameter
    is a problem and any other is ``None``.  A month is the first of its days.
    """

    name: str
    label: str
    kind: ParameterKind = "text"
    required: bool = False
    default: Callable[[date], Asked] | None = None
    choices: Choices | Callable[[], Choices] = ()
    help: str = ""

    def offered(self) -> Choices:
        """The choices as they are now."""
        return self.choices() if callable(self.choices) else self.choices


@dataclass(frozen=True, slots=True)
class Problem:
    """A parameter that cannot be used: where it stands, what is wrong and what to do."""

    name: str
    label: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.label}: {self.problem} {self.remedy}"


class ParametersUnusable(ValueError):
    """Every problem of the parameters at once, for the summary on the page."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(map(str, problems)))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The answers by name, and as (label, text) pairs for the head of the report."""

    values: Mapping[str, Asked]
    shown: tuple[tuple[str, str], ...] = field(default=())

    def day(self, name: str) -> date:
        """A date that is required or has a default; raises ``KeyError`` for a name that is none."""
        value = self.values[name]
        if not isinstance(value, date):
            raise KeyError(f"“{name}” is no day of this report.")
        return value

    def text(self, name: str) -> str:
        """A text or choice; empty when it was not answered."""
        value = self.values[name]
        return "" if value is None else str(value)

    def month_end(self, name: str) -> date:
        """The first day after the month of that name."""
        return (self.day(name) + timedelta(days=31)).replace(day=1)

    def amount(self, name: str) -> Decimal | None:
        """Dollars, ``None`` when they were not answered."""
        value = self.values[name]
        return value if isinstance(value, Decimal) else None

    def whole(self, name: str) -> int | None:
        """A whole number, ``None`` when it was not answered."""
        value = self.values[name]
        return value if isinstance(value, int) else None


def parse_parameters(asked: Sequence[Parameter], query: Mapping[str, str], *, today: date) -> Parameters:
    """The answers in a query string; raises ``ParametersUnusable`` with all problems.

    A name the report does not know is a problem too: a misspelt filter must not pass for no filter.
    """
    problems: list[Problem] = []
    values: dict[str, Asked] = {}
    shown: list[tuple[str, str]] = []
    known = {parameter.name for parameter in asked}
    for name in sorted(query.keys() - known - SHOWN_HOW):
        names = ", ".join(sorted(known)) or "nothing"
        problems.append(Problem(name, name, "The report does not ask for this.", f"It asks for {names}."))
    for parameter in asked:
        text = query.get(parameter.name, "").strip()
        try:
            value = _answer(parameter, text, today)
        except ValueError as wrong:
            problem, _, remedy = str(wrong).partition("\n")
            problems.append(Problem(parameter.name, parameter.label, problem, remedy))
            continue
        values[parameter.name] = value
        if value is not None:
            shown.append((parameter.label, _shown(parameter, value)))
    if problems:
        raise ParametersUnusable(problems)
    return Parameters(values, tuple(shown))


def _answer(parameter: Parameter, text: str, today: date) -> Asked:
    """The answer; raises ``ValueError`` with problem and remedy on two lines."""
    if not text:
        value = parameter.default(today) if parameter.default else None
        if value is None and parameter.required:
            raise ValueError("Nothing is given.\nFill it in.")
        return value
    return _READ[parameter.kind](parameter, text)


def _read_date(parameter: Parameter, text: str) -> Asked:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{text[:40]}” is not a day.\nWrite it like 2026-11-22.") from None


def _read_month(parameter: Parameter, text: str) -> Asked:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise ValueError(f"“{text[:40]}” is not a month.\nWrite it like 2026-11.") from None


def _read_amount(parameter: Parameter, text: str) -> Asked:
    try:
        return parse_amount(text)
    except ValueError:
        raise ValueError(f"“{text[:40]}” is not an amount.\nWrite it like 500 or 1,234.56.") from None


def _read_text(parameter: Parameter, text: str) -> Asked:
    return text


def _read_whole(parameter: Parameter, text: str) -> Asked:
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise ValueError(f"“{text[:40]}” is not a whole number.\nWrite digits only.")
    return int(text)


def _read_choice(parameter: Parameter, text: str) -> Asked:
    offered = parameter.offered()
    if text not in {value for value, _ in offered}:
        some = ", ".join(value for value, _ in offered[:8]) or "nothing yet"
        raise ValueError(f"“{text[:40]}” cannot be chosen.\nChoose one of: {some}.")
    return text


_READ: Mapping[ParameterKind, Callable[[Parameter, str], Asked]] = {
    "date": _read_date,
    "month": _read_month,
    "amount": _read_amount,
    "text": _read_text,
    "whole": _read_whole,
    "choice": _read_choice,
}


def _shown(parameter: Parameter, value: Asked) -> str:
    if isinstance(value, date):
        return month_text(value) if parameter.kind == "month" else day_text(value)
    if isinstance(value, Decimal):
        return show_amount(value)
    if parameter.kind == "choice":
        return dict(parameter.offered()).get(str(value), str(value))
    return str(value)


def _typed(parameter: Parameter, value: Asked) -> str:
    """A default as one would type it."""
    return str(value)[:7] if parameter.kind == "month" else str(value)


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_text(day: date) -> str:
    """``Nov 22, 2026``: the month is a word, so no reader takes the day for the month."""
    return f"{_MONTHS[day.month - 1]} {day.day}, {day.year}"


def month_text(day: date) -> str:
    """``Nov 2026``."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def first_of_month(today: date) -> date:
    """The first day of a day's month, as a default."""
    return today.replace(day=1)


def fields_of(
    asked: Sequence[Parameter], query: Mapping[str, str], problems: Sequence[Problem] = (), *, today: date
) -> Iterator[dict[str, object]]:
    """The form for the page: what was typed, or else the defaults, each with its problem beside it."""
    wrong = {problem.name: problem for problem in problems}
    for parameter in asked:
        default = parameter.default(today) if parameter.default else None
        typed = query.get(parameter.name, "" if default is None else _typed(parameter, default))
        yield {
            "parameter": parameter,
            "value": typed,
            "choices": parameter.offered(),
            "problem": wrong.get(parameter.name),
        }
