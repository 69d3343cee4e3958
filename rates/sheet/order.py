"""The order in which rows stand: a database keeps the entries of a document, not their order."""

from collections.abc import Iterable
from fractions import Fraction


def in_order(rows: Iterable[str]) -> list[str]:
    """The keys of a choice: sizes and counts by what they measure (3/4, 1, 1 1/2), others as they stand."""
    listed = list(rows)
    try:
        return sorted(listed, key=lambda key: sum(Fraction(part) for part in key.split()))
    except (ValueError, ZeroDivisionError):
        return listed
