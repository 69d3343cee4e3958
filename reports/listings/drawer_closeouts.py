"""Drawer close-out summary: what each drawer held, was counted to hold, and was over or short."""

from collections.abc import Iterator

from django.utils import timezone

from reports.kit import Cells, Column, Recap, Report
from reports.listings.asking import in_order
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters

# A session counts on the day it was closed, in the utility's zone; an open one has no figures yet.
_CLOSED = """
SELECT (k.at AT TIME ZONE %(zone)s)::date, d.name, s.operator_name, s.opened_at, k.at,
       (SELECT count(*) FROM collections_app_receipt r WHERE r.session_id = s.id),
       (SELECT count(*) FROM collections_app_receiptvoid v
          JOIN collections_app_receipt r ON r.id = v.receipt_id WHERE r.session_id = s.id),
       s.opening, c.expected, n.expected, k.expected, k.counted, k.over_short, k.note
  FROM collections_app_drawerclose k
  JOIN collections_app_drawersession s ON s.id = k.session_id
  JOIN collections_app_drawer d ON d.id = s.drawer_id
  LEFT JOIN LATERAL (SELECT sum(expected) AS expected FROM collections_app_drawercount
                      WHERE close_id = k.id AND kind = 'cash') c ON true
  LEFT JOIN LATERAL (SELECT sum(expected) AS expected FROM collections_app_drawercount
                      WHERE close_id = k.id AND kind <> 'cash') n ON true
 WHERE (k.at AT TIME ZONE %(zone)s)::date BETWEEN %(since)s AND %(through)s
 ORDER BY 1, d.code, k.at
"""


def _rows(parameters: Parameters) -> Iterator[Cells]:
    given = {
        "since": parameters.day("since"),
        "through": parameters.day("through"),
        "zone": timezone.get_current_timezone_name(),
    }
    for on, drawer, operator, opened, closed, *rest in streamed(_CLOSED, given):
        yield (on, drawer, operator, _clock(opened), _clock(closed), *rest)


def _clock(at: object) -> str:
    local = timezone.localtime(at)  # type: ignore[arg-type]  # a moment of the database
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"


REPORT = Report(
    code="drawer-closeouts",
    title="Drawer close-out summary",
    group="Counter",
    permission="payments.view",
    about="Every drawer closed on a day: what should have been there, what was counted, over or short.",
    parameters=(
        Parameter("since", "From", "date", default=lambda today: today),
        Parameter("through", "Through", "date", default=lambda today: today),
    ),
    columns=(
        Column("on", "Day", "date", width=13),
        Column("drawer", "Drawer", width=15),
        Column("operator", "Operator", width=18),
        Column("opened", "Opened", width=9),
        Column("closed", "Closed", width=9),
        Column("receipts", "Receipts", "count", total=True, width=9),
        Column("voids", "Voids", "count", total=True, width=7),
        Column("opening", "Opening cash", "amount", total=True, width=12),
        Column("cash", "Cash expected", "amount", total=True, width=13),
        Column("others", "Others expected", "amount", total=True, width=13),
        Column("expected", "Expected", "amount", total=True, width=13),
        Column("counted", "Counted", "amount", total=True, width=13),
        Column("over", "Over or short", "amount", total=True, width=14, may_credit=True),
        Column("note", "Note", width=20),
    ),
    rows=_rows,
    subtotals=("on",),
    recaps=(Recap("By operator", ("operator",)),),
    check=in_order,
    notes=("Over or short is counted less expected: below zero is short.",),
)
