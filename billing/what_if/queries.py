"""What is asked of kept what-ifs."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import OuterRef, QuerySet

from billing.what_if.sums import Figures, Sum
from billing.what_if_models import WhatIf, WhatIfBill, WhatIfTable
from core.bulk import array_literal
from core.errors import NotFound


def what_ifs() -> QuerySet[WhatIf]:
    """Every what-if with its job and ``codes``, the rate codes of its tables."""
    tables = WhatIfTable.objects.filter(what_if=OuterRef("pk")).order_by("table__code")
    rows = WhatIf.objects.select_related("job", "version__table")
    return rows.annotate(codes=ArraySubquery(tables.values("table__code")))


def what_if_of(what_if_id: int) -> Any:
    """One of them; raises ``NotFound``."""
    found = what_ifs().filter(id=what_if_id).first()
    if found is None:
        raise NotFound("There is no such what-if.", "Choose one from the list.")
    return found


def state_of(what_if: WhatIf) -> str:
    """Where it stands: its job's state, “applied” once its version was put in force."""
    if what_if.version is not None and what_if.version.state == "active":
        return "applied"
    if what_if.figures:
        return "done"
    return str(what_if.job.state) if what_if.job is not None else "ready"


def figures_of(what_if: WhatIf) -> Figures | None:
    """Its figures, once all parts are done."""
    return Figures.from_json(what_if.figures) if what_if.figures else None


def whole_of(what_if: WhatIf) -> Sum | None:
    """All its bills together."""
    return Sum.from_json(what_if.figures["whole"]) if what_if.figures else None


def tables_of(what_if: WhatIf) -> list[WhatIfTable]:
    """The tables of the question, by code."""
    rows = WhatIfTable.objects.filter(what_if=what_if).select_related("table", "version__table")
    return list(rows.order_by("table__code"))


def rows_of(what_if_id: int) -> QuerySet[WhatIfBill]:
    """The bills of a what-if with account and customer."""
    return WhatIfBill.objects.filter(what_if=what_if_id).select_related("bill__account__customer")


def most_changed(what_if_id: int, many: int) -> tuple[list[WhatIfBill], list[WhatIfBill]]:
    """The bills that would rise most, and those that would fall most."""
    rows = rows_of(what_if_id).filter(change__isnull=False)
    up = rows.filter(change__gt=0).order_by("-change", "id")[:many]
    down = rows.filter(change__lt=0).order_by("change", "id")[:many]
    return list(up), list(down)


# The bill in the middle of each band; bills without use are a band of their own.
_MIDDLE = """
SELECT id, band FROM (
    SELECT id, band, row_number() OVER (PARTITION BY band ORDER BY use, id) AS n,
           count(*) OVER (PARTITION BY band) AS many
    FROM (
        SELECT id, use, CASE WHEN use = 0 THEN -1 ELSE width_bucket(use, %(lows)s::numeric[]) - 1 END AS band
        FROM billing_whatifbill
        WHERE what_if_id = %(what_if)s AND unit = %(unit)s AND touched AND new IS NOT NULL AND use >= 0
    ) b
) c WHERE n = many / 2 + 1
"""


def samples(what_if_id: int, unit: str, lows: Sequence[Decimal]) -> dict[int, WhatIfBill]:
    """The bill with the middle use of each band, by the band's place; −1 are those without use; two queries.

    Bands begin at ``lows``, ascending.  Bill, facts and run come with each.
    """
    if not lows:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_MIDDLE, {"what_if": what_if_id, "unit": unit, "lows": array_literal(lows)})
        places = dict(cursor.fetchall())
    rows = WhatIfBill.objects.filter(id__in=places).select_related("bill__prepared", "bill__run")
    return {places[row.id]: row for row in rows}
