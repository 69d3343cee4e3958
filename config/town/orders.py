"""Work orders of the town: a few that wait, a few that are done, for whoever looks around."""

from collections.abc import Sequence
from datetime import date, timedelta

from core.actors import Actor
from core.operations import operation, under_way
from customers.models import Account
from meters.models import Installation, WorkOrder
from meters.orders import make_order
from meters.orders_done import complete_order

EVERY = 60
"""One house in so many has an order."""
MOST = 40

_WHAT = (
    ("investigate", "Low pressure on the upper floor.", "Crew 1"),
    ("re_read", "The reading of last month looks high.", "Crew 2"),
    ("connect", "Turn the water on; the keys are at the office.", "Crew 1"),
    ("meter_change", "The glass of the meter is broken.", ""),
    ("disconnect", "The house stands empty.", "Crew 2"),
    ("investigate", "The meter pit is under water.", ""),
)


@operation("town.orders", permission="town.settle")
def send_crews(by: Actor, *, since: date) -> list[int]:
    """Make the orders of the town's first weeks, every third one done; returns their ids."""
    rows = Account.objects.filter(ends=None).order_by("number").values_list("number", "location")
    chosen: Sequence[tuple[str, int]] = list(rows[2::EVERY])[:MOST]
    metered = dict(
        Installation.objects.filter(ends=None, service_point__location__in=[p for _, p in chosen])
        .order_by("-service_point")
        .values_list("service_point__location", "service_point")
    )
    made = []
    for n, (number, place) in enumerate(chosen):
        if place not in metered:
            continue
        kind, what, crew = _WHAT[n % len(_WHAT)]
        due = since + timedelta(days=3 * n % 30)
        order = make_order(
            by,
            kind=kind,
            location_id=place,
            due_on=due,
            account_number=number,
            what=what,
            assigned_to=crew,
            service_point_id=metered[place],
        )
        if kind == WorkOrder.Kind.INVESTIGATE and n % 3 == 0 and due < under_way().at.date():
            complete_order(by, order_id=order, done_on=due, findings="The valve was half shut; opened it.")
        made.append(order)
    return made
