"""The fields of the landlord and the management company file, each said once (CUS-11, CUS-12)."""

from core.errors import Refused
from core.texts import Text

_ADDRESS = (
    Text("line_1", "Street or PO box", 60, needed=True),
    Text("line_2", "Second line", 60),
    Text("city", "City", 40, needed=True),
    Text("state", "State", 3, needed=True, look="upper"),
    Text("zip_code", "ZIP", 10, needed=True),
    Text("carrier_route", "Carrier route", 4, help="Of the post: C001, R012 …", look="upper"),
)

COMPANY_TEXTS = (
    Text("number", "Number", 12, help="Empty: the next one."),
    Text("name", "Name", 80, needed=True),
    *_ADDRESS,
    Text("work_phone", "Work telephone", 20),
    Text("emergency_phone", "Emergency telephone", 20),
    Text("fax", "Fax", 20),
    Text("state_tax_id", "State tax id", 20),
    Text("privilege_licence", "Privilege licence", 20),
    Text("real_estate_licence", "Real-estate licence", 20),
)

LANDLORD_TEXTS = (
    Text("number", "Number", 12, help="Empty: the next one."),
    Text("name", "Name", 80, needed=True),
    *_ADDRESS,
    Text("employer", "Employer", 60),
    Text("home_phone", "Home telephone", 20),
    Text("work_phone", "Work telephone", 20),
    Text("customer_type", "Type", 12, codes="customer_type", help="A code; add one under Settings, Codes."),
)

NUMBER_TYPED = 30
"""So many characters a tax number or licence may have as it is typed, with blanks and strokes."""


def check_nine_digits(typed: str, field: str, label: str) -> None:
    """Raise ``Refused`` unless it is a tax number of nine digits, or nothing."""
    plain = typed.strip().replace("-", "").replace(" ", "")
    if plain and not (len(plain) == 9 and plain.isascii() and plain.isdigit()):
        raise Refused(f"{label}: it has 9 digits.", "Type it like 078-05-1120.", field=field)


def check_licence(typed: str, field: str, label: str) -> None:
    """Raise ``Refused`` unless it has 4 to 20 letters and digits, or is nothing."""
    count = sum(c.isalnum() for c in typed)
    if typed.strip() and not 4 <= count <= 20:
        raise Refused(f"{label}: {count} letters and digits.", "A licence has 4 to 20.", field=field)
