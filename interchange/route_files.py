"""The file of a route for a hand-held reader: out here, back as an import of hand-held reads (MTR-04)."""

from datetime import date

from django.db.models import Q

from customers.models import Account
from interchange.layouts.route_file import RouteRow, write_route_file
from meters.models import Route
from meters.rounds import RoundLine, lines_of


def route_file(route_id: int, on: date, *, only_left: bool = True) -> tuple[str, bytes]:
    """Name and content of the file of a route on a day; raises ``Route.DoesNotExist``.

    ``only_left`` leaves out what is read on this round already.  Where nobody lives the account is empty.
    """
    route = Route.objects.get(id=route_id)
    lines = [line for line in lines_of(route_id, on) if not (only_left and line.now)]
    there = Account.objects.filter(Q(ends=None) | Q(ends__gt=on), starts__lte=on, location__route=route)
    accounts = dict(there.order_by("starts", "id").values_list("location__code", "number"))
    content = write_route_file(_row(line, accounts.get(line.location, "")) for line in lines)
    return f"route-{route.id}-{on}.csv", content


def _row(line: RoundLine, account: str) -> RouteRow:
    low, high = line.expected or (None, None)
    return RouteRow(
        line.sequence,
        account,
        line.meter,
        line.register.code,
        line.address,
        line.place_text,
        line.serial,
        line.register.unit,
        line.register.dial.digits,
        line.last.dial if line.last else None,
        line.last.on if line.last else None,
        low,
        high,
    )
