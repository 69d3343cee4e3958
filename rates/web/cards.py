"""What apps above say of a rate on its page: each ``tab`` slot of the frame ``rate`` gives a card."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from core.ui.objects import slots_of
from core.ui.parts import Panel
from rates.models import RateTable

FRAME = "rate"


def cards_of(request: HttpRequest, table: RateTable) -> list[str]:
    """The cards that this operator may see, in their order; the providers are given the table."""
    made: list[str] = []
    for slot in slots_of(FRAME, request):
        filled: Panel = slot.provider(request, table)
        made.append(render_to_string(filled.template, {"table": table, **filled.context}, request=request))
    return made
