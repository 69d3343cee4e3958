"""A version that starts before bills that were posted: who puts it in force has seen which would differ."""

from billing.what_if.retroactive import concerned
from billing.what_if_models import WhatIf
from core.errors import Conflict
from core.operations import note
from rates.models import RateVersion


def _seen_what_it_touches(version: RateVersion, seen: str) -> None:
    """Raises ``Conflict`` unless ``seen`` is the mark of what was worked out for exactly these bills."""
    found = concerned(version, version.table.code)
    if not found.bills:
        return
    bills = "1 posted bill covers" if found.bills == 1 else f"{found.bills:,} posted bills cover"
    told = f"{bills} days from {version.starts:%b %-d, %Y} on."
    if not seen:
        raise Conflict(told, "Look at what they would have been, and confirm it there.", field="seen")
    worked = WhatIf.objects.filter(version=version, mark=found.mark).exclude(figures={}).exists()
    if seen != found.mark or not worked:
        raise Conflict(
            f"{told} That is no longer what was looked at.", "Have it worked out again.", field="seen"
        )
    note(posted_bills=found.bills, seen=seen)


BEFORE_ACTIVATION = (_seen_what_it_touches,)
