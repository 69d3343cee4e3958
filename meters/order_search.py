"""What finds work orders besides their own number: the number they have in an outside system."""

from collections.abc import Iterable, Sequence

from core.search import Result, Said, SearchKind, keys_said
from core.search.tokens import number_tokens
from meters.models import WorkOrder
from meters.order_queries import orders


def order_said(refs: Sequence[int]) -> dict[int, list[Said]]:
    """What each work order is found under; those without an outside number are not in it."""
    rows = WorkOrder.objects.filter(id__in=refs).exclude(outside_ref="").values_list("id", "outside_ref")
    return {ref: [Said("outside", outside, number_tokens, outside)] for ref, outside in rows}


def order_results(found: Iterable[WorkOrder]) -> Iterable[Result]:
    """Work orders as answers: what is to be done, and where."""
    for one in found:
        kind, number = WorkOrder.Kind(one.kind).label, one.number
        detail = f"{kind}, {one.location.address}"
        yield Result("order", one.id, f"Work order {number}", detail, "meters:order", (number,), one.state)


def orders_called(refs: Sequence[int]) -> Iterable[Result]:
    """The work orders of these ids as answers."""
    return order_results(orders().filter(id__in=refs))


def every_order() -> Iterable[int]:
    """The ids of the work orders that have a number in an outside system, in order."""
    return WorkOrder.objects.exclude(outside_ref="").order_by("id").values_list("id", flat=True)


ORDER_KINDS = (
    SearchKind(
        "order",
        "Work orders",
        "meters.work_order.view",
        keys_said(order_said),
        orders_called,
        every_order,
        icon="list-check",
        order=50,
        tell=order_said,
    ),
)
