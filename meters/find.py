"""The pages of this app, for the search box; meters and locations are found by their keys."""

from core.find import Command, Numbered
from core.search import Result
from meters.order_queries import orders
from meters.order_search import order_results
from meters.order_sheets import read_order_code


def is_order_code(text: str) -> bool:
    """Whether the text is what a scanner reads off a printed work order."""
    return read_order_code(text) is not None


def orders_numbered(text: str) -> list[Result]:
    """The work order of exactly that number, or of a scanned sheet."""
    plain = text.strip()
    scanned = read_order_code(plain)
    digits = plain.removeprefix("#")
    if scanned is None and not (digits.isascii() and digits.isdigit() and len(digits) <= 15):
        return []
    return list(order_results(orders().filter(number=int(digits) if scanned is None else scanned)))


NUMBERED = (Numbered("Work orders", "list-check", "meters.work_order.view", orders_numbered, is_order_code),)

COMMANDS = (
    Command("Enter readings", "/readings/enter/", "keyboard", "readings.enter", "type reads by hand route"),
    Command("Readings", "/readings/", "gauge", "readings.view", "reads"),
    Command("Readings held", "/readings/held/?state=waiting", "gauge", "readings.view", "exceptions waiting"),
    Command("Normal ranges", "/readings/ranges/", "gauge", "readings.view", "high low limits demand"),
    Command("Meters", "/meters/", "gauge", "meters.view"),
    Command("Locations", "/locations/", "map-pin", "meters.view", "premises addresses places"),
    Command("Routes", "/routes/", "route", "meters.view", "walk"),
    Command(
        "Work orders",
        "/orders/",
        "list-check",
        "meters.work_order.view",
        "jobs field crew connect disconnect",
    ),
    Command("New work order", "/orders/new/", "plus", "meters.work_order.make", "crew send"),
    Command("Map of work orders due", "/orders/map/", "map-pin", "meters.work_order.view", "overdue crew"),
)
