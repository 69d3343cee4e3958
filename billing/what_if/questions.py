"""A kept what-if as a question that can be worked: its tables parsed, and what they take the place of."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from billing.what_if.rerating import Instead, Replacing, Rerater
from billing.what_if.retroactive import Since
from billing.what_if_models import WhatIf, WhatIfTable
from rates.engine import Tariff, TariffError, content_hash, parse_tariff
from rates.models import RateVersion
from rates.scaling import scaled


@dataclass(frozen=True, slots=True)
class Question:
    """``tariffs`` are all tables that may price, old and new, by content hash."""

    instead: Replacing
    tariffs: Mapping[str, Tariff]
    only_touched: bool

    def rerater(self) -> Rerater:
        """What works bills out; keep it for many."""
        return Rerater(self.instead, self.tariffs)


def question_of(what_if: WhatIf) -> Question:
    """The question of a what-if; three queries."""
    tariffs = known_tariffs()
    rows = list(WhatIfTable.objects.filter(what_if=what_if).select_related("table"))
    if what_if.version_id is not None:
        version = RateVersion.objects.select_related("table").get(id=what_if.version_id)
        since = Since.of(version, rows[0].content or {})
        return Question(since, {**tariffs, **since.tariffs}, only_touched=True)
    by_code: dict[str, str] = {}
    by_version: dict[tuple[str, str], str] = {}
    for row in rows:
        if row.percent is None:
            tariffs[row.content_hash] = parse_tariff(row.content or {})
            by_code[row.table.code] = row.content_hash
    for row in rows:
        if row.percent is not None:
            for old, new in raised(row).items():
                tariffs[content_hash(new)] = parse_tariff(new)
                by_version[row.table.code, old] = content_hash(new)
    return Question(Instead(by_code, by_version), tariffs, only_touched=False)


def raised(row: WhatIfTable) -> dict[str, dict[str, Any]]:
    """The contents of a table's versions with their prices changed, by the hash of what they were."""
    assert row.percent is not None
    kept = RateVersion.objects.filter(table=row.table_id).values_list("content_hash", "content")
    return {digest: scaled(content, row.percent) for digest, content in kept}


def known_tariffs() -> dict[str, Tariff]:
    """Every version of every table that can be read; a bill of another cannot be priced, and says so."""
    kept = RateVersion.objects.order_by("content_hash", "id").distinct("content_hash")
    return _parsed(kept.values_list("content_hash", "content"))


_known: dict[str, Tariff] = {}


def _parsed(contents: Iterable[tuple[str, Any]]) -> dict[str, Tariff]:
    """Each parsed once in this process: a tariff is its content hash."""
    found: dict[str, Tariff] = {}
    for digest, content in contents:
        if digest not in _known:
            try:
                _known[digest] = parse_tariff(content)
            except TariffError:
                continue
        found[digest] = _known[digest]
    return found
