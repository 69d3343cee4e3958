"""What billing puts on the page of a rate version: posted bills of its days, and asking what if."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from billing.what_if.retroactive import concerned
from core.ui.objects import Slot
from core.ui.parts import Panel, Verb
from rates.models import RateVersion


def posted_bills(request: HttpRequest, version: RateVersion) -> Panel:
    """Before a draft is put in force: how many posted bills it would have priced."""
    found = concerned(version, version.table.code) if version.state == "draft" else None
    return Panel("what_if/of_version.html", {"version": version, "found": found})


def ask(request: HttpRequest, version: RateVersion) -> list[Verb]:
    """What posted bills would have been under this version."""
    if version.state == "withdrawn":
        return []
    table = version.table
    name = urlencode(
        {f"t{version.table_id}": version.id, "name": f"{table.code} from {version.starts:%B %Y}"}
    )
    return [Verb("What if", f"{reverse('what_if:new')}?{name}", "scale", "w")]


SLOTS = (
    Slot("rate_version", "tab", "posted", 10, posted_bills, permission="bills.view"),
    Slot("rate_version", "verb", "what_if", 10, ask, permission="rates.what_if"),
)
