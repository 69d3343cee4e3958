"""Which tables hold a shared value, as they are in force."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q

from core.app_lists import gather
from rates.models import RateVersion
from rates.shared.values import Held, held_in


@dataclass(frozen=True, slots=True)
class In:
    """A shared value in one table: the version that holds it, and what keeps it from being changed here."""

    version: RateVersion
    held: Held
    draft_id: int | None

    @property
    def code(self) -> str:
        """The table's code."""
        return str(self.version.table.code)


@dataclass(frozen=True, slots=True)
class Shared:
    """A tax or a rider with every table that has it."""

    kind: str
    name: str
    tables: tuple[In, ...]

    @property
    def text(self) -> str:
        """Its words on the bill, as the first table has them."""
        return self.tables[0].held.text

    @property
    def revenue_codes(self) -> tuple[str, ...]:
        """Where it goes."""
        return tuple(sorted({t.held.revenue_code for t in self.tables}))

    @property
    def values(self) -> tuple[Decimal | None, ...]:
        """The different values it has; one, unless tables disagree."""
        found = {t.held.value for t in self.tables}
        return tuple(sorted(found, key=lambda v: (v is None, v)))

    @property
    def value(self) -> Decimal | None:
        """The value that all tables have; ``None`` where they differ or choose by something."""
        return self.values[0] if len(self.values) == 1 else None

    @property
    def since(self) -> date | None:
        """The latest day on which it changed, as far as the tables say."""
        days = [t.held.since for t in self.tables if t.held.since]
        return max(days) if days else None

    @property
    def drafts(self) -> tuple[In, ...]:
        """The tables for which a draft waits."""
        return tuple(t for t in self.tables if t.draft_id is not None)


def shared_values(day: date) -> list[Shared]:
    """Taxes, then riders, each with its tables, in two queries."""
    versions = list(
        RateVersion.objects.filter(Q(ends=None) | Q(ends__gt=day), state="active", starts__lte=day)
        .select_related("table")
        .order_by("table__code")
    )
    drafts = dict(RateVersion.objects.filter(state="draft").order_by("id").values_list("table_id", "id"))
    found: dict[tuple[str, str], list[In]] = defaultdict(list)
    for version in versions:
        for held in held_in(version.content, day):
            found[(held.kind, held.name)].append(In(version, held, drafts.get(version.table_id)))
    taxes_first = sorted(found, key=lambda key: (key[0] != "tax", key[1]))
    return [Shared(kind, name, tuple(found[(kind, name)])) for kind, name in taxes_first]


def shared_value(kind: str, name: str, day: date) -> Shared | None:
    """One of them, or ``None`` when no table in force has it."""
    return next((s for s in shared_values(day) if (s.kind, s.name) == (kind, name)), None)


def exempt_counts() -> dict[str, int]:
    """How many accounts are exempt from each tax code, asked of the apps that know accounts."""
    counts: dict[str, int] = {}
    for count in gather("tax_exempt", "TAX_EXEMPT"):
        counts |= count()
    return counts
