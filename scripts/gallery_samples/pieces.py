"""The kit on one page."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace as Row
from typing import Any

from django.http import QueryDict

from core.periods import Period
from core.ui.parts import Alert, Tab
from scripts.gallery_samples.frame import NOW, TODAY, shell
from scripts.gallery_samples.town import COLUMNS, account_rows
from scripts.gallery_samples.work import PolicyForm


def kit() -> dict[str, Any]:
    from core.ui.statuses import LOOKS

    return {
        "shell": shell("Home"),
        "states": list(LOOKS),
        "credit": Decimal("-23.10"),
        "debit": Decimal("1204.66"),
        "period": Period(date(2026, 10, 18), date(2026, 11, 18)),
        "columns": COLUMNS[:1] + COLUMNS[1:2] + COLUMNS[-1:],
        "rows": account_rows()[:5],
        "foot": [None, "Together", Decimal("1738.83")],
        "now": NOW,
        "today": TODAY,
        "form": PolicyForm(QueryDict("value=abc")),
        "alerts": [Alert("Notice", "in each tone", tone=t) for t in ("good", "info", "warn", "bad", "hold")],
        "groups": [
            (
                "Accounts",
                [
                    Row(
                        icon="user",
                        title="10-04422 Beckett, Thomas",
                        note="39 Mill St, Apt 2",
                        url="/a/",
                        aside="174.20",
                    ),
                    Row(icon="user", title="10-04501 Beckett, Ana", note="7 Depot Rd", url="/b/", aside=""),
                ],
            ),
            (
                "Commands",
                [Row(icon="player-play", title="Open a bill run", note="", url="/runs/new/", aside="")],
            ),
        ],
        "tabs": [Tab("a", "Overview", "#", "o"), Tab("b", "Bills", "#", "b", 12)],
    }
