"""Writes to a draft: it is changed, or withdrawn.  A version in force says for ever what it says."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.actors import Actor
from core.errors import Conflict, NotFound
from core.operations import note, operation
from core.seen import check
from rates.engine import content_hash
from rates.models import RateVersion
from rates.operations import checked_content, writers_of


def draft_values(starts: date, ends: date | None, source: str, content: Mapping[str, Any]) -> dict[str, Any]:
    """What an editor shows of a draft, by names that a message can say: its days, and each charge apart."""
    charges = [c for c in content.get("components", ()) if isinstance(c, Mapping)]
    rest = {name: inner for name, inner in content.items() if name != "components"}
    values: dict[str, Any] = {"starts": starts, "ends": ends, "source": source, "table": _text(rest)}
    values["order"] = _text([c.get("id") for c in charges])
    return {**values, **{f"charge_{c.get('id')}": _text(c) for c in charges}}


def values_of_draft(version: RateVersion) -> dict[str, Any]:
    """The values of a version as it is kept."""
    return draft_values(version.starts, version.ends, version.source, version.content)


@operation("rates.version.change", permission="rates.edit", quiet=frozenset({"content", "seen"}))
def change_draft(
    by: Actor,
    *,
    version_id: int,
    content: dict[str, Any],
    starts: date,
    ends: date | None = None,
    source: str = "",
    seen: str = "",
) -> int:
    """Write a draft anew; returns its id.

    Whoever changes it has written it too and does not put it in force.  Raises ``Refused`` at the place in
    the table that the engine cannot read, ``Conflict`` for a version that is no draft, ``Stale`` when
    somebody changed it since ``seen``.
    """
    version = _locked_draft(version_id)
    check(seen, version, values_of_draft(version), columns=_columns(version))
    checked_content(version.table, content, starts, ends)
    digest = content_hash(content)
    note(rate=version.table.code, content_hash=digest)
    if by.ref not in writers_of(version):
        version.changed_by = f"{version.changed_by}\n{by.ref}".strip()
    version.content, version.content_hash = content, digest
    version.starts, version.ends, version.source = starts, ends, source
    version.save(update_fields=["content", "content_hash", "starts", "ends", "source", "changed_by"])
    return int(version.id)


@operation("rates.version.withdraw", permission="rates.edit")
def withdraw_draft(by: Actor, *, version_id: int) -> int:
    """Take a draft back: it is kept, to be read, and never prices anything.  Returns its id.

    Raises ``Conflict`` for a version that is no draft.
    """
    version = _locked_draft(version_id)
    version.state = "withdrawn"
    version.save(update_fields=["state"])
    return int(version.id)


def _locked_draft(version_id: int) -> RateVersion:
    rows = RateVersion.objects.select_for_update(of=("self",)).select_related("table")
    version = rows.filter(id=version_id).first()
    if version is None:
        raise NotFound("There is no such version.", "Look at the table again.")
    if version.state != "draft":
        raise Conflict("That version is not a draft any more.", "Make a new version that begins with it.")
    return version


def _columns(version: RateVersion) -> dict[str, str]:
    return {name: "content" for name in values_of_draft(version) if name not in ("starts", "ends", "source")}


def _text(content: Any) -> str:
    return json.dumps(content, sort_keys=True, ensure_ascii=False)
