"""Accounts by their whole number or a scanned bill, for the search box."""

from core.barcodes import BarcodeRefused, read_bill_code
from core.find import Command, Numbered
from core.search import Result
from customers.queries import accounts
from customers.search import account_result


def is_bill_code(text: str) -> bool:
    """Whether the text is what a scanner reads off a bill."""
    try:
        read_bill_code(text)
    except BarcodeRefused:
        return False
    return True


def accounts_numbered(text: str) -> list[Result]:
    """The account of exactly that number, or of a scanned bill."""
    number = read_bill_code(text)[0] if is_bill_code(text) else text.strip()
    return [account_result(a) for a in accounts().filter(number__in={number, number.upper()})]


NUMBERED = (Numbered("Accounts", "user", "customers.view", accounts_numbered, is_bill_code),)

COMMANDS = (
    Command("Accounts", "/accounts/", "users", "customers.view"),
    Command("Customers", "/customers/", "users", "customers.view", "people"),
    Command("New customer", "/customers/new/", "plus", "customers.edit", "add person"),
    Command("Open an account", "/accounts/new/", "plus", "customers.edit", "new move in"),
    Command("Moving in", "/move-ins/", "user", "customers.view", "pending waiting new customers"),
    Command("Somebody moves in", "/move-ins/new/", "plus", "customers.edit", "apply new customer pending"),
    Command(
        "Payment records", "/payment-records/", "flag", "customers.view",
        "returned cheques late fees cut-off counters",
    ),
    Command("Vacant locations", "/vacant/", "home", "customers.view", "empty nobody"),
    Command("Containers", "/containers/", "trash", "meters.view", "carts bins refuse dumpsters"),
    Command("Landlords", "/landlords/", "key", "customers.view", "owners rentals"),
    Command("Management companies", "/companies/", "building", "customers.view", "agencies"),
)  # fmt: skip
