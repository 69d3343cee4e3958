"""A version under the lint, with what the other apps know: the chart, the meters, the services of the table.

Rates know none of those.  Each app that does keeps ``<app>/known_to_rates.py`` with ``KNOWN_TO_RATES``:
functions that take a table and a ``Context`` and give the context with what they know in it.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from core.app_lists import gather
from rates.lint import Context, Finding, Span, lint
from rates.models import RateTable, RateVersion

Knows = Callable[[RateTable, Context], Context]


def context_of(
    table: RateTable, starts: date | None, ends: date | None = None, *, leaving_out: int | None = None
) -> Context:
    """What is known when a version of the table is to hold for ``[starts, ends)``.

    ``leaving_out`` is the id of the version itself.  A fixed number of queries, whatever the table.
    """
    others = [v for v in _in_force(table) if v.id != leaving_out]
    before = next((v.content for v in reversed(others) if starts is not None and v.starts < starts), None)
    context = Context(
        before=before,
        starts=starts,
        ends=ends,
        versions=tuple(Span(v.starts, v.ends) for v in others),
    )
    for knows in gather("known_to_rates", "KNOWN_TO_RATES"):
        context = knows(table, context)
    return context


def findings_of(version: RateVersion) -> tuple[Finding, ...]:
    """What the lint says of a version that is kept; of one in force its days are not looked at again."""
    days = (version.starts, version.ends)
    context = context_of(version.table, *days, leaving_out=version.id)
    if version.state != RateVersion.State.DRAFT:
        context = replace(context, versions=())
    return lint(version.content, context)


def _in_force(table: RateTable) -> list[RateVersion]:
    return list(RateVersion.objects.filter(table=table, state="active").order_by("starts"))
