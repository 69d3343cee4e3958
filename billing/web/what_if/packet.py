"""The packet of a what-if for a council."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase

from billing.documents.what_if_packet import print_packet
from billing.statements import brand_of
from billing.what_if.packing import packet_of
from billing.what_if.queries import what_if_of
from core import clock
from core.web.requests import UtilityRequest
from core.web.views import page


@page("bills.view")
def packet(request: UtilityRequest, what_if_id: int) -> HttpResponseBase:
    """The packet as PDF."""
    return packet_answer(what_if_id, request.utility)


def packet_answer(what_if_id: int, utility: Any) -> HttpResponse:
    """The answer with the PDF; raises ``NotFound``, and ``Conflict`` until all bills are worked out."""
    today = clock.today(utility.tz)
    content = print_packet(packet_of(what_if_of(what_if_id), today), brand_of(utility, today))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="what-if-{what_if_id}.pdf"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
