"""The office's own codes in a simulated town, and a few files that say more than the usual."""

from collections.abc import Sequence
from datetime import date

from core.actors import Actor
from core.codes import put_code
from core.operations import operation
from core.sealed import Typed
from customers.account_file import change_account, put_alternate_address, set_flags
from customers.customer_file import change_customer, put_guarantor
from customers.models import Account
from customers.sealed import LICENCE
from meters.location_file import change_location

CODES = (
    ("category", "nonprofit", "Churches and charities"),
    ("demographics", "FAM", "Families"),
    ("demographics", "SEN", "Senior citizens"),
    ("demographics", "STU", "Students"),
    ("zone", "HIGH", "High pressure zone, the hill"),
    ("zone", "LOW", "Low pressure zone, along the river"),
    ("bank", "FNB", "First National Bank"),
    ("bank", "CCU", "County Credit Union"),
    ("customer_type", "AGENT", "Letting agent"),
    ("customer_type", "OWNER", "Owner"),
    ("meter_type", "DISP", "Positive displacement"),
    ("meter_type", "TURB", "Turbine"),
)
EVERY = 90
"""One account in so many has a file that says more."""
MOST = 12


@operation("town.files", permission="town.settle")
def fill_files(by: Actor, *, since: date) -> list[int]:
    """Add the codes, and say more of a few accounts open since then; returns those accounts' ids."""
    for kind, code, name in CODES:
        put_code(by, kind=kind, code=code, name=name)
    rows = Account.objects.filter(ends=None, starts__lte=since).order_by("number")
    chosen: Sequence[Account] = list(rows.select_related("customer", "location")[5::EVERY][:MOST])
    for n, account in enumerate(chosen):
        _say_more(by, account, n, since)
    return [account.id for account in chosen]


def _say_more(by: Actor, account: Account, n: int, since: date) -> None:
    at = account.location
    change_account(by, account_id=account.id, fields={"demographics": ("FAM", "SEN", "STU")[n % 3]})
    change_location(
        by, location_id=at.id, fields={"zone": ("HIGH", "LOW")[n % 2], "parcel": f"PIN-{at.code}"}
    )
    change_customer(
        by,
        customer_id=account.customer_id,
        fields={
            "employer": ("Depot Mill", "County School District", "")[n % 3],
            "work_phone": f"55501{n:05d}",
        },
        licence=Typed(LICENCE, f"D{1_000_000 + 37 * n}"),
    )
    town = {"city": at.city, "state": at.state, "zip_code": at.zip_code}
    if n % 3 == 0:
        box = {"line_1": f"PO Box {120 + n}", **town}
        put_alternate_address(by, account_id=account.id, fields=box, bills_go_there=n % 2 == 0)
    if n % 4 == 1:
        vouches = {"name": f"Pastor {account.customer.name.split()[-1]}", "line_1": "2 Church St", **town}
        put_guarantor(by, customer_id=account.customer_id, fields={**vouches, "phone": "5550100200"})
    if n % 5 == 2:
        until = since.replace(year=since.year + 1)
        note = "Life support; certified by Dr. Hale"
        set_flags(
            by, account_id=account.id, flags={"no_cutoff": True}, no_cutoff_until=until, no_cutoff_note=note
        )
