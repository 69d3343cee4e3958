"""What stands beside the clauses and changes as one types: what is wrong, a trial bill, the bill by use."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from core.codes import code_kinds, codes_of
from rates.checking import context_of
from rates.lint import NOTHING_KNOWN, Context, Finding, lint
from rates.models import RateTable, RateVersion
from rates.queries import versions_of
from rates.sheet import Problem, Written, content_of
from rates.sheet.moves import STANDARD
from rates.web.editor.sheet_shown import PREFIX, Known
from rates.web.reading import plain_name
from rates.web.trial import Trial, trial_of

TRIAL = "t"
"""The prefix of the fields of the trial bill."""

_KEPT_FOR = 20.0
_MOST_KEPT = 64
_kept: dict[tuple[int, int, date, date | None], tuple[float, Context]] = {}


class Told(NamedTuple):
    """Something to put right or to look at: the field it is about, and whether it stops the version."""

    field: str
    text: str
    stops: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What is beside the clauses."""

    told: tuple[Told, ...]
    trial: Trial | None
    before: RateVersion | None

    @property
    def stops(self) -> int:
        """How much keeps it from being put in force."""
        return sum(one.stops for one in self.told)


def context_for(
    utility_id: int, table: RateTable, starts: date, ends: date | None, leaving_out: int
) -> Context:
    """What the town knows of the table; asked anew every twenty seconds while somebody types."""
    key = (utility_id, table.id, starts, ends)
    now = time.monotonic()
    found = _kept.get(key)
    if found is None or now - found[0] > _KEPT_FOR:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        found = _kept[key] = (now, context_of(table, starts, ends, leaving_out=leaving_out))
    return found[1]


def known_of(context: Context) -> Known:
    """What may be named: the codes of the chart, and the values that services of this table have."""
    attributes = {name: list(values) for name, values in STANDARD.items()}
    for kind in context.services:
        for name, value in kind.attributes.items():
            values = attributes.setdefault(name, [])
            if value and value not in values:
                values.append(value)
    classes = [code for code, _ in codes_of("category")] if "category" in code_kinds() else []
    attributes["class"] = list(dict.fromkeys([*attributes.get("class", []), *classes]))
    return Known(tuple(sorted(context.revenue_codes or ())), attributes)


def compared_with(table: RateTable, version: RateVersion, starts: date) -> RateVersion | None:
    """The version in force that this one follows: that of its first day, else the last one before."""
    active = [v for v in versions_of(table) if v.state == "active" and v.id != version.id]
    return next((v for v in active if v.starts <= starts), active[-1] if active else None)


def preview_of(
    written: Written,
    day: date,
    typed: Mapping[str, Any],
    *,
    context: Context = NOTHING_KNOWN,
    before: RateVersion | None = None,
) -> Preview:
    """Everything beside the clauses, for the content that was typed."""
    if written.problems:
        told = tuple(Told(PREFIX + p.field, p.text, stops=True) for p in written.problems)
        return Preview(told, None, before)
    findings = lint(written.content, context)
    told = tuple(_told(finding, written) for finding in findings)
    if any(f.rule == "reads" for f in findings):
        return Preview(told, None, before)
    content = before.content if before is not None else None
    return Preview(told, trial_of(written.content, day, typed, prefix=TRIAL, before=content), before)


_MISSING = re.compile(r"^“(\w+)” is missing\.$")


def _told(finding: Finding, written: Written) -> Told:
    missing = _MISSING.match(finding.problem)
    if missing:
        path = written.field_at(f"{finding.place}.{missing[1]}")
        return Told(f"{PREFIX}{path}", f"The {plain_name(missing[1])} is missing. Type it.", stops=True)
    path = "" if finding.place == "starts" else written.field_at(finding.place)
    field = "id_starts" if finding.place == "starts" else f"{PREFIX}{path}" if path else ""
    return Told(field, f"{finding.problem} {finding.remedy}", finding.stops)


def field_problems(written: Written, preview: Preview) -> list[Problem]:
    """The same at the fields, for a sheet that is shown anew."""
    told = [Problem(one.field.removeprefix(PREFIX), one.text) for one in preview.told if one.stops]
    return list(dict.fromkeys([*written.problems, *told]))


__all__ = ["Preview", "Told", "content_of", "context_for", "known_of", "preview_of"]
