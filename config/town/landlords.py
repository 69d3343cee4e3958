"""Who owns what is let, and what was written down: a few landlords, a company, notes."""

from datetime import date

from core.actors import Actor
from core.operations import operation
from customers.landlords import add_company, add_landlord, give_location
from customers.models import Account
from customers.notes import add_note

_LANDLORDS = (
    ("Lodge & Sons", "5550103344", "Grain Elevator Co"),
    ("Wilma Whitfield", "5550104455", "County Schools"),
    ("Harbor Holdings LLC", "5550105566", ""),
)
_EACH = 4
"""So many locations a landlord has."""

_NOTES = (
    ("Dog in the back yard. Call before reading.", True),
    ("Spoke with the daughter: pays on the first of the month.", False),
    ("Gate code is with the supervisor.", True),
    ("Asked for a copy of the bill by mail, sent.", False),
)


@operation("town.landlords", permission="town.settle")
def people_who_let(by: Actor, *, since: date) -> int:
    """Add them, through the operations that clerks use; returns how many locations have a landlord."""
    rows = Account.objects.filter(ends=None, category="residential").select_related("location")
    accounts = list(rows.order_by("number")[10 : 10 + len(_LANDLORDS) * _EACH])
    if not accounts:
        return 0
    at = accounts[0].location
    address = {"city": at.city, "state": at.state, "zip_code": at.zip_code[:5]}
    company = add_company(
        by,
        texts={"name": "Keystone Property Management", "line_1": "200 Main St", "work_phone": "5550102233",
               "emergency_phone": "5550109999", **address},
    )  # fmt: skip
    for n, (name, phone, employer) in enumerate(_LANDLORDS):
        texts = {"name": name, "line_1": f"{n + 1} Court Sq", "home_phone": phone, "employer": employer}
        landlord = add_landlord(by, texts={**texts, **address}, company_id=company if n else None)
        for account in accounts[n * _EACH : (n + 1) * _EACH]:
            give_location(by, landlord_id=landlord, location_id=account.location_id, starts=since)
    for account, (text, pinned) in zip(accounts, _NOTES, strict=False):
        add_note(by, account_id=account.id, text=text, pinned=pinned)
    return len(accounts)
