"""Two clerks at one thing: whoever sends later is told what changed since their form was opened.

A form carries a mark of what it showed.  The operation locks the row and hands the mark and the values of
now to ``check``; the kit (``core.web.stale``) shows the form again with what was typed.  A partner system
reads the mark as ``version`` and sends it back; without a mark nothing is compared.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.utils.crypto import constant_time_compare, salted_hmac

from core.errors import Conflict
from core.models import AuditEntry, Change

MARK_LENGTH = 4000
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Changed:
    """A field that somebody changed: what it is now, by whom and when (empty where nobody can say)."""

    field: str
    now: Any
    who: str
    at: datetime | None


class Stale(Conflict):
    """What was shown is not so any more.  ``mark`` is that of the values now, ``seen`` the one that came."""

    def __init__(self, changes: tuple[Changed, ...], seen: str, mark: str) -> None:
        people = sorted({c.who for c in changes if c.who})
        fields = ", ".join(c.field.replace("_", " ") for c in changes)
        super().__init__(
            f"{' and '.join(people) or 'Somebody'} changed this while you had it open: {fields}.",
            "Nothing was saved. Look at it as it is now, and send it again.",
            field=changes[0].field,
        )
        self.changes, self.seen, self.mark = changes, seen, mark


def mark_of(values: Mapping[str, Any]) -> str:
    """The mark of these values, by the names of the form's fields; it does not tell what they are."""
    return "~".join(f"{name}.{_digest(name, value)}" for name, value in values.items())


def differing(seen: str, values: Mapping[str, Any]) -> list[str]:
    """The names of the values that are not what the mark was made of; a name it has not is left alone."""
    before = dict(part.rpartition(".")[::2] for part in seen.split("~") if "." in part)
    return [
        name
        for name, value in values.items()
        if name in before and not constant_time_compare(before[name], _digest(name, value))
    ]


def check(
    seen: str,
    row: Model,
    values: Mapping[str, Any],
    *,
    columns: Mapping[str, str] | None = None,
    rows: Mapping[str, Model] | None = None,
    compared: Callable[[str, Any], bool] | None = None,
) -> None:
    """Raise ``Stale`` when the row's values are not those of the mark; an empty mark is never stale.

    Call it inside the operation with the row locked.  ``values`` are as the form shows them, by field;
    ``columns`` says which column a field is, where their names differ; ``rows`` which row has it, where that
    is another.  ``compared`` leaves a field out of it when it answers no (name and value now).
    """
    names = [n for n in differing(seen, values) if compared is None or compared(n, values[n])]
    if not names:
        return
    told: dict[str, tuple[str, datetime | None]] = {}
    for one in {(rows or {}).get(name, row) for name in names if (rows or {}).get(name, row).pk}:
        mine = {n: (columns or {}).get(n, n) for n in names if (rows or {}).get(n, row) == one}
        told.update(_who_changed(one, mine))
    changes = tuple(Changed(name, values[name], *told.get(name, ("", None))) for name in names)
    raise Stale(changes, seen, mark_of(values))


def _who_changed(row: Model, columns: Mapping[str, str]) -> dict[str, tuple[str, datetime | None]]:
    """Of each field the last change that touched its column; two queries."""
    found: dict[str, Change] = {}
    history = Change.objects.filter(table=row._meta.db_table, row_id=row.pk).order_by("-id")[:50]
    for change in history:
        after = change.after or {}
        for field, column in columns.items():
            if field not in found and change.before.get(column) != after.get(column):
                found[field] = change
    operations = {c.operation_id for c in found.values() if c.operation_id}
    by: dict[UUID, str] = {
        e.operation_id: e.actor_name
        for e in AuditEntry.objects.filter(operation_id__in=operations).order_by("-number")
    }
    return {f: (by.get(c.operation_id, "") if c.operation_id else "", c.at) for f, c in found.items()}


def _digest(name: str, value: Any) -> str:
    return salted_hmac(f"curbstop.seen.{name}", _text(value), algorithm="sha256").hexdigest()[:_DIGITS]


def _text(value: Any) -> str:
    """The same text for what a form gives and what a row has."""
    if value is None or value is False:
        return ""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Model):
        return str(value.pk)
    return str(value).strip()
