"""What billing puts on the page of a rate version: posted bills of its days."""

from django.http import HttpRequest

from billing.what_if.retroactive import concerned
from core.ui.objects import Slot
from core.ui.parts import Panel
from rates.models import RateVersion


def posted_bills(request: HttpRequest, version: RateVersion) -> Panel:
    """Before a draft is put in force: how many posted bills it would have priced."""
    found = concerned(version, version.table.code) if version.state == "draft" else None
    return Panel("what_if/of_version.html", {"version": version, "found": found})


SLOTS = (Slot("rate_version", "tab", "posted", 10, posted_bills, permission="bills.view"),)
