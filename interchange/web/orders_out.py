"""The file of open work orders, for an outside system or a crew."""

from django.http import HttpResponse, HttpResponseBase

from core.web.requests import UtilityRequest
from core.web.views import page
from interchange.feeds.work_orders import open_orders_file


@page("meters.work_order.view")
def open_orders(request: UtilityRequest) -> HttpResponseBase:
    """The open orders as CSV; filled in, it comes back under Imports."""
    answer = HttpResponse(open_orders_file(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="work-orders-open.csv"'
    return answer
