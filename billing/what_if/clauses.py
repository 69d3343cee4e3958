"""What the tables of a what-if say otherwise than those in force."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from billing.what_if.queries import tables_of
from billing.what_if.telling import table_words
from billing.what_if_models import WhatIf, WhatIfTable
from rates.models import RateVersion
from rates.scaling import scaled
from rates.web.clause_changes import ChargeChange, clause_changes


@dataclass(frozen=True, slots=True)
class TableClauses:
    """A table of the question, and its charges; ``since`` says which version it is compared with."""

    code: str
    name: str
    words: str
    since: str
    charges: tuple[ChargeChange, ...]

    @property
    def differing(self) -> list[ChargeChange]:
        """Those that are not as they were."""
        return [charge for charge in self.charges if charge.how != "same"]


def clauses_of(what_if: WhatIf) -> list[TableClauses]:
    """Every table of the question beside the version in force before; two queries."""
    rows = tables_of(what_if)
    active = RateVersion.objects.filter(table__in=[row.table_id for row in rows], state="active")
    kept: dict[int, list[RateVersion]] = {}
    for version in active.order_by("-starts"):
        kept.setdefault(version.table_id, []).append(version)
    return [_clauses(row, kept.get(row.table_id, [])) for row in rows]


def _clauses(row: WhatIfTable, versions: list[RateVersion]) -> TableClauses:
    others = [v for v in versions if v.id != row.version_id and v.content_hash != row.content_hash]
    if row.version is not None and row.version.table_id == row.table_id:
        others = [v for v in others if v.starts < row.version.starts] or others
    before = others[0] if others else (versions[0] if versions else None)
    old: Mapping[str, Any] = before.content if before is not None else row.content or {}
    new = row.content if row.percent is None else scaled(old, row.percent)
    since = f"the version from {before.starts:%b %-d, %Y}" if before is not None else "no version"
    changes = tuple(clause_changes(old, new)) if old and new else ()
    return TableClauses(row.table.code, row.table.name, table_words(row), since, changes)
