"""On the page of a rate: the services that it cannot price as they are kept."""

from django.http import HttpRequest

from core import clock
from core.ui.objects import Slot
from core.ui.parts import Panel
from rates.checking import context_of
from rates.engine import TariffError, parse_tariff
from rates.lint.rules.fitting import gathered
from rates.lint.sheet import Sheet
from rates.models import RateTable
from rates.queries import holds_on, versions_of


def card(request: HttpRequest, table: RateTable) -> Panel:
    """Why they do not fit, each with how many and the first accounts; for the version of today."""
    today = clock.today(request.utility.tz)  # type: ignore[attr-defined]  # a UtilityRequest
    current = next((v for v in versions_of(table) if holds_on(v, today)), None)
    if current is None:
        return Panel("customers/rate_fits.html", {"none": True})
    context = context_of(table, today, leaving_out=current.id)
    try:
        misfits = gathered(Sheet(current.content, parse_tariff(current.content), context))
    except TariffError:  # kept before the engine learned to refuse it; its page says so
        misfits = ()
    return Panel(
        "customers/rate_fits.html",
        {
            "none": not context.services,
            "count": sum(kind.count for kind in context.services),
            "misfits": misfits,
        },
    )


SLOTS = (Slot("rate", "tab", "fits", 30, card, "Services", permission="customers.view"),)
