"""Gaps and overlaps between the versions of a table."""

from collections.abc import Iterator
from datetime import date, timedelta

from rates.lint.findings import Finding, Span
from rates.lint.rules.rule import Rule
from rates.lint.sheet import Sheet

_DAY = timedelta(days=1)


def _check(sheet: Sheet) -> Iterator[Finding]:
    starts, ends = sheet.context.starts, sheet.context.ends
    if starts is None:
        return
    for other in sheet.context.versions:
        if _overlap(starts, ends, other):
            yield Finding(
                "stop",
                "starts",
                f"It overlaps the version from {_day(other.starts)}"
                f"{'' if other.ends is None else f' up to {_day(other.ends - _DAY)}'}.",
                "Change its days, or withdraw the other version.",
                RULE.name,
            )
    yield from _gaps(starts, ends, sheet.context.versions)


def _overlap(starts: date, ends: date | None, other: Span) -> bool:
    """An open version that began earlier ends where this one starts: no overlap."""
    if other.ends is None and other.starts < starts:
        return False
    return (ends is None or other.starts < ends) and (other.ends is None or starts < other.ends)


def _gaps(starts: date, ends: date | None, others: tuple[Span, ...]) -> Iterator[Finding]:
    before = [o.ends for o in others if o.starts < starts]
    if before and None not in before:
        last = max(e for e in before if e is not None)
        if last < starts:
            yield _gap(last, starts)
    after = [o.starts for o in others if o.starts > starts]
    if ends is not None and after and ends < min(after):
        yield _gap(ends, min(after))


def _gap(first: date, following: date) -> Finding:
    last = following - _DAY
    span = f"on {_day(first)}" if first == last else f"from {_day(first)} to {_day(last)}"
    return Finding(
        "stop",
        "starts",
        f"There would be no rate {span}.",
        "Let one version start on the day the other ends.",
        RULE.name,
    )


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


RULE = Rule("versions", "Days without a rate, or with two.", _check)
