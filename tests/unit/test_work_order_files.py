"""The file of work orders goes out and comes back as it was; the map says nothing but what it was given."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from interchange.layouts import Fault
from interchange.layouts.work_orders import OrderLine, read_work_orders, write_work_orders
from meters.order_map import Dot, ground_map, route_map

LINE = OrderLine(
    number=12,
    outside_ref="X-7",
    kind="meter_change",
    location_id="L100003",
    address="104 Oak St",
    route="001",
    sequence=30,
    meter_id="M100003",
    due_on=date(2026, 9, 10),
    what="Ring first, two dogs",
    done_on=date(2026, 9, 11),
    reading=Decimal("4821"),
    passed_zero="yes",
    new_meter_id="N1",
    first_reading=Decimal("0.5"),
    findings="“Glass” broken",
)


def test_an_order_written_is_the_order_read() -> None:
    assert list(read_work_orders(write_work_orders([LINE]))) == [LINE]


def test_another_program_reads_the_columns_by_their_names() -> None:
    (row,) = csv.DictReader(io.StringIO(write_work_orders([LINE]).decode()))
    assert (row["Order_Number"], row["Done_On"], row["Reading"]) == ("12", "2026-09-11", "4821")
    assert row["To_Do"] == "Ring first, two dogs"


def test_a_line_without_its_day_is_an_order_that_is_not_done() -> None:
    (line,) = read_work_orders(b"Order_Number,Done_On\r\n12,\r\n")
    assert isinstance(line, OrderLine)
    assert (line.number, line.done_on) == (12, None)


def test_a_line_that_names_no_order_is_told_with_its_place() -> None:
    (fault,) = read_work_orders(b"Order_Number,Done_On,Findings\r\n,2026-09-10,Leak\r\n")
    assert isinstance(fault, Fault)
    assert (fault.line_number, fault.column, fault.code) == (2, "Order_Number", "no_key")


def dot(label: str, *, late: bool = False, at: tuple[float, float] | None = None) -> Dot:
    north, east = at or (None, None)
    return Dot(label, f"{label} <Oak & Elm>", f"/orders/{label}/", late, "001", int(label), north, east)


def test_the_map_parts_what_is_known_on_the_ground_from_what_is_along_a_route() -> None:
    dots = [dot("1"), dot("2", at=(41.2, -95.8)), dot("3", at=(41.3, -95.9))]
    assert ground_map(dots).count("<a ") == 2
    assert route_map(dots).count("<a ") == 1
    assert ground_map(dots[:1]) == "" == route_map(dots[1:])


@pytest.mark.parametrize(("late", "shape"), [(True, "<rect"), (False, "<circle")])
def test_an_overdue_order_has_another_shape_not_only_another_colour(late: bool, shape: str) -> None:
    assert shape in route_map([dot("1", late=late)])


def test_what_a_mark_says_is_written_as_text() -> None:
    drawn = route_map([dot("1")])
    assert "&lt;Oak &amp; Elm&gt;" in drawn
    assert "<Oak" not in drawn


def test_north_is_up_and_east_is_right() -> None:
    drawn = ground_map([dot("1", at=(41.0, -96.0)), dot("2", at=(41.1, -95.9))])
    (x1, y1), (x2, y2) = (_place(piece) for piece in drawn.split("<circle")[1:])
    assert x2 > x1
    assert y2 < y1


def _place(piece: str) -> tuple[float, float]:
    """Where a circle stands."""
    _, _, after = piece.partition('cx="')
    x, _, rest = after.partition('" cy="')
    return float(x), float(rest.partition('"')[0])
