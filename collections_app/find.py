"""Receipts by number or scanned code, and the counter, for the search box."""

from collections_app.models import Receipt
from core.barcodes import BarcodeRefused, read_receipt_code
from core.find import Command, Numbered
from core.search import Result

LONGEST = 18


def is_receipt_code(text: str) -> bool:
    """Whether the text is what a scanner reads off a receipt."""
    try:
        read_receipt_code(text)
    except BarcodeRefused:
        return False
    return any(c.isdigit() for c in text)


def receipts_numbered(text: str) -> list[Result]:
    """The receipt of exactly that number, or of a scanned receipt."""
    plain = text.strip()
    digits = read_receipt_code(plain) if is_receipt_code(plain) else plain.removeprefix("#")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST):
        return []
    return [
        Result(
            "receipt",
            r.id,
            f"Receipt {r.number}",
            f"{r.total:,.2f} on {r.on:%b %-d, %Y}, taken by {r.operator_name}",
            "collections:receipt",
            (r.number,),
        )
        for r in Receipt.objects.filter(number=int(digits)).order_by("id")
    ]


NUMBERED = (Numbered("Receipts", "receipt", "payments.view", receipts_numbered, is_receipt_code),)
COMMANDS = (
    Command("Counter", "/counter/", "cash-register", "payments.post", "pay payment till"),
    Command("Receipts", "/receipts/", "receipt", "payments.view", "payments"),
    Command(
        "Returned payments",
        "/receipts/returned/",
        "arrow-back-up",
        "payments.view",
        "bad cheques bounced nsf",
    ),
    Command("Drawers", "/drawers/", "cash", "payments.view", "drawer sessions close count over short"),
    Command("Open a drawer", "/drawers/open/", "cash-register", "payments.post", "till session float"),
    Command(
        "Register", "/drawers/register/", "list-check", "payments.view", "transactions of the day operator"
    ),
)
