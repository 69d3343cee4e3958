"""Lists of bills that billing staff work through, by why they are held and what is worth a look.  Pure."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExceptionList:
    """A list: bills held, or let through, for one of ``reasons``, or with a warning of one of the ``kinds``.

    A warning's kind is what stands before its colon.
    """

    code: str
    title: str
    reasons: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    def holds(self, reasons: Iterable[str], warnings: Iterable[str]) -> bool:
        """Whether a bill belongs on it."""
        return not self.reasons.isdisjoint(reasons) or any(
            w.partition(":")[0] in self.kinds for w in warnings
        )


LISTS = (
    ExceptionList(
        "reread",
        "Re-read",
        frozenset({"backwards", "high_use", "zero_use", "old_reading", "short_period", "meter_twice"}),
        frozenset({"estimated", "old_reading"}),
    ),
    ExceptionList("missing", "Missing readings", frozenset({"missing_reading", "no_meter"})),
    ExceptionList("over", "Over an amount", frozenset({"over_amount", "over_average"})),
    ExceptionList("change", "Large change", kinds=frozenset({"large_change"})),
    ExceptionList("high", "High use", frozenset({"high_use"}), frozenset({"high"})),
    ExceptionList("low", "Low use", kinds=frozenset({"low"})),
    ExceptionList("zero", "No use", frozenset({"zero_use"}), frozenset({"zero_use"})),
    ExceptionList("first", "First bills", kinds=frozenset({"first_bill"})),
    ExceptionList("last", "Last bills", kinds=frozenset({"last_bill"})),
    ExceptionList("unbilled", "No-bill with use", kinds=frozenset({"unbilled_use"})),
    ExceptionList("old", "Old readings", frozenset({"old_reading"}), frozenset({"old_reading"})),
)


def lists_of(reasons: Iterable[str], warnings: Iterable[str]) -> list[str]:
    """Codes of the lists that a bill belongs on."""
    given, seen = list(reasons), list(warnings)
    if not seen and not any(given):
        return []
    return [one.code for one in LISTS if one.holds(given, seen)]
