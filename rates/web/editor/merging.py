"""Two clerks at one draft: what the other one wrote is taken over where one has not touched it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from core.seen import Stale, differing
from core.ui.words import clock_text, day_text
from rates.drafts import draft_values

CHARGES = "components"


@dataclass(frozen=True, slots=True)
class Merged:
    """The content with what the other one wrote, and what to tell about it."""

    content: dict[str, Any]
    told: tuple[str, ...]


def merged(stale: Stale, mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> Merged:
    """What was typed, with the other's charges wherever what was typed is as it was opened.

    What both changed stays as typed and is told, so that it is sent again on purpose.
    """
    who = {c.field: _by(c.who, c.at) for c in stale.changes}
    somebody = next(iter(who.values()), "Somebody changed the draft")
    opened = {part.rpartition(".")[0] for part in stale.seen.split("~")}
    values = {name: v for name, v in _values(mine).items() if name in opened}
    touched = set(differing(stale.seen, values))
    own, other = _charges(mine), _charges(theirs)
    told: list[str] = []
    made: list[dict[str, Any]] = []
    for name, charge in own.items():
        field = f"charge_{name}"
        if name not in other and field in opened and field not in touched:
            told.append(f"{somebody}: “{charge.get('text')}” is removed. You had not changed it.")
            continue
        if field in who and name in other and field in touched:
            told.append(f"{who[field]}: “{charge.get('text')}”. You changed it too; yours is kept.")
        elif field in who and name in other:
            told.append(f"{who[field]}: “{charge.get('text')}”. It is taken over here.")
            made.append(other[name])
            continue
        made.append(charge)
    for name, charge in other.items():
        if name not in own and f"charge_{name}" not in opened:
            told.append(f"{somebody}: “{charge.get('text')}” is new. It is added here.")
            made.append(charge)
    head = mine
    if "table" in who:
        kept = "table" in touched
        head = mine if kept else theirs
        end = "You changed it too; yours is kept." if kept else "It is taken over here."
        told.append(f"{who['table']}: what stands before the charges. {end}")
    content = {name: inner for name, inner in head.items() if name != CHARGES}
    return Merged({**content, CHARGES: made}, tuple(told) or (f"{somebody}: its days, source or order.",))


def _values(content: Mapping[str, Any]) -> dict[str, Any]:
    made = draft_values(date.min, None, "", content)
    return {name: v for name, v in made.items() if name not in ("starts", "ends", "source")}


def _charges(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {str(c.get("id")): c for c in content.get(CHARGES, ()) if isinstance(c, dict)}


def _by(who: str, at: datetime | None) -> str:
    if at is None:
        return f"{who or 'Somebody'} changed"
    local = timezone.localtime(at)
    return f"{who or 'Somebody'} changed on {day_text(local.date())} at {clock_text(local)}"
