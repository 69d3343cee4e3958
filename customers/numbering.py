"""Account numbers: a pattern, the next number and a check digit (CUS-06)."""

from datetime import date

from core import policies
from core.counters import take_block
from core.errors import Refused
from customers.policies import NUMBER_CHECK, NUMBER_PATTERN


def check_digit(digits: str) -> str:
    """The Luhn digit that follows these digits (ISO/IEC 7812-1, annex B)."""
    total = 0
    for place, character in enumerate(reversed(digits)):
        doubled = int(character) * (2 if place % 2 == 0 else 1)
        total += doubled - 9 if doubled > 9 else doubled
    return str(-total % 10)


def number_from(pattern: str, running: int, with_check: bool) -> str:
    """The number of a pattern such as ``10-######``; raises ``Refused`` when the pattern has no room."""
    width = pattern.count("#")
    text = str(running).zfill(width)
    if width == 0 or len(text) > width:
        raise Refused(
            f"The account number pattern “{pattern}” has no room for {running}.",
            "Widen it under Policies › Customers.",
        )
    digits = iter(text)
    number = "".join(next(digits) if c == "#" else c for c in pattern)
    return number + check_digit("".join(c for c in number if c.isdigit())) if with_check else number


def assign_number(on: date) -> str:
    """The next account number by the policy of the day; holds the series' lock until the transaction ends."""
    return assign_numbers(on, 1)[0]


def assign_numbers(on: date, count: int) -> list[str]:
    """So many account numbers in a row, as ``assign_number`` gives one."""
    pattern = policies.value_on(NUMBER_PATTERN, on)
    if not pattern:
        raise Refused(
            "Account numbers are not assigned automatically here.",
            "Type the number, or set the pattern under Policies › Customers.",
            field="number",
        )
    with_check = policies.flag(NUMBER_CHECK, on)
    first = take_block("account", count)
    return [number_from(str(pattern), first + n, with_check) for n in range(count)]
