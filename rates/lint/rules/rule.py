"""What a rule of the lint is."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from rates.lint.findings import Finding
from rates.lint.sheet import Sheet


class Rule(NamedTuple):
    """A rule: its name, what it looks for in a sentence, and how."""

    name: str
    about: str
    check: Callable[[Sheet], Iterator[Finding]]
