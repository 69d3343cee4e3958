"""Drawers that are open since a period that is to be closed."""

from collections.abc import Sequence
from datetime import date

from collections_app.models import DrawerSession
from core.ui.parts import Blocker
from ledger.closing import ClosingCheck


def _still_open(starts: date, ends: date) -> Sequence[Blocker]:
    sessions = DrawerSession.objects.filter(closed_at=None, opened_at__date__lt=ends).select_related("drawer")
    return [
        Blocker(
            f"{s.drawer.name} is open under {s.operator_name} since {s.opened_at:%b %-d, %Y}.", "/drawers/"
        )
        for s in sessions.order_by("id")
    ]


CLOSING = (ClosingCheck("Drawers are counted and closed", 30, _still_open, blocks=False),)
