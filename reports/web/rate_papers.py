"""Reports of one rate, from its page: printed, compared with another, and what was billed at it."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from core.ui.objects import Slot
from core.ui.parts import Verb
from rates.models import RateTable, RateVersion


def _report(code: str, **asked: str) -> str:
    address = reverse("reports:report", args=[code])
    return f"{address}?{urlencode(asked)}" if asked else address


def printed(request: HttpRequest, table: RateTable) -> list[Verb]:
    """The table on paper, clause by clause, and beside another version."""
    asked = {"rate": table.code, "show": "all", "form": "pdf"}
    return [
        Verb("Compare", _report("rate-comparison"), "scale"),
        Verb("Print", _report("rate-tables", **asked), "printer", "w"),
    ]


def billed(request: HttpRequest, table: RateTable) -> list[Verb]:
    """What was billed at the rate this month, under each version."""
    return [Verb("Billed", _report("billing-by-rate", rate=table.code), "report-analytics", "b")]


def bills_of(request: HttpRequest, version: RateVersion) -> list[Verb]:
    """The bills that a version priced, each of which can be worked again with it."""
    if version.state == "draft":
        return []
    asked = {"rate": version.table.code, "version": str(version.id), "since": version.starts.isoformat()}
    return [Verb("Its bills", _report("billing-records", **asked), "receipt", "b")]


SLOTS = (
    Slot("rate", "verb", "paper", 10, printed, permission="reports.view"),
    Slot("rate", "verb", "billed", 20, billed, permission="billing.run.view"),
    Slot("rate_version", "verb", "bills", 10, bills_of, permission="billing.run.view"),
)
