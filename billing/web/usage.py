"""The usage tab of an account: what each register measured, in a chart and a table, and as a file."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import mark_safe

from billing.usage import Usage, months_of, usage_of
from core.ui import exports
from core.ui.charts import Palette, use_chart
from core.ui.objects import Slot
from core.ui.parts import Panel
from core.web.requests import UtilityRequest
from core.web.views import page
from customers.queries import AccountShown, account_called
from customers.web.account_tabs import MAIN, PAPERS_USAGE, installed_known, papers, services_known
from meters.queries import dial_text

_SCREEN = Palette(bar="#a9c3dd", current="#0b5fae", before="#b85a10")
_HEADINGS = (
    "Service", "Billing date", "Read from", "Read to", "Days", "Source", "Meter", "Previous", "Present",
    "Use", "Unit", "A day", "Same month a year before", "Bill",
)  # fmt: skip


def _usage(subject: AccountShown) -> list[Usage]:
    if "usage" not in subject.known:
        subject.known["usage"] = usage_of(subject.account, services_known(subject), installed_known(subject))
    found: list[Usage] = subject.known["usage"]
    return found


def _chart(usage: Usage, count: int, size: tuple[float, float]) -> dict[str, Any]:
    months = months_of(usage, count)
    svg = use_chart(
        months,
        title=f"{usage.name} used by month",
        unit=usage.unit_words,
        size=size,
        palette=_SCREEN,
        font_size=10.0,
    )
    drawn = mark_safe(svg)  # noqa: S308 - drawn by core.ui.charts, every text in it escaped
    return {"name": usage.name, "unit": usage.unit_words, "svg": drawn, "note": _note(usage)}


def _note(usage: Usage) -> str:
    now = usage.periods[0]
    said = f"{now.use:,f} {usage.unit_words} in the {now.days} days to {now.on:%b %-d, %Y}"
    if now.year_before is None:
        return said + "."
    return f"{said}; {now.year_before:,f} in the same month a year before."


def card(request: HttpRequest, subject: AccountShown) -> Panel:
    """The chart of the first metered service."""
    measured = [u for u in _usage(subject) if u.periods]
    return Panel(
        "accounts/usage_card.html", {"charts": [_chart(u, 13, (640.0, 170.0)) for u in measured[:1]]}
    )


def tab(request: HttpRequest, subject: AccountShown) -> Panel:
    """A chart, a table and the years of each register."""
    parts = [
        {
            "usage": one,
            "chart": _chart(one, 25, (1160.0, 200.0)),
            "rows": [
                {"used": u, "previous": dial_text(u.previous), "present": dial_text(u.present)}
                for u in one.periods
            ],
        }
        for one in _usage(subject)
        if one.periods
    ]
    url = reverse("billing:account_usage", args=[subject.number])
    return Panel(
        "accounts/usage.html",
        {"parts": parts, "file_url": url, "papers": papers(PAPERS_USAGE, request, subject)},
    )


def _file_rows(found: list[Usage]) -> Iterator[list[exports.Value]]:
    for usage in found:
        for u in usage.periods:
            yield [
                usage.name, u.billed_on, u.since, u.on, u.days, f"{u.source} {u.source_words}", u.meter,
                u.previous, u.present, u.use, usage.unit_words, u.per_day, u.year_before, u.bill,
            ]  # fmt: skip


@page("readings.view")
def usage_file(request: UtilityRequest, number: str) -> HttpResponseBase:
    """The table as CSV or XLSX (``?export=``); without it, the tab."""
    account, form = account_called(number), request.GET.get("export", "")
    if form not in ("csv", "xlsx"):
        return redirect(f"{reverse('customers:account', args=[number])}?tab=usage")
    return exports.answer(f"usage-{number}", form, _HEADINGS, _file_rows(usage_of(account)))


SLOTS = (
    Slot("account", "tab", "usage", 40, tab, "Usage", "u", "readings.view"),
    Slot(MAIN, "tab", "use", 30, card, permission="readings.view"),
)
