"""Writes to rate tables: prepared by one person, activated by another."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from core.actors import Actor
from core.duties import require_other
from core.errors import Conflict, NotFound, Refused
from core.operations import operation, under_way
from core.periods import Period, gaps
from rates.activation import require_confirmed
from rates.checking import context_of
from rates.engine import Tariff, TariffError, content_hash, parse_tariff
from rates.in_force import nothing_is_priced_now
from rates.lint import lint, stops
from rates.models import RateTable, RateVersion

_CODE = re.compile(r"\w[\w .+&()-]*")
TAKEN = frozenset({"new", "import", "shared", "options", "what-if"})
"""Words that mean something else in the place of a code, in addresses under ``/rates/``."""


@operation("rates.table.create", permission="rates.edit")
def create_table(by: Actor, *, code: str, name: str, service_type: str) -> int:
    """A rate table without versions; returns its id.

    Raises ``Refused`` for a code that could not stand in the address of the table's page.
    """
    if not _CODE.fullmatch(code) or code in TAKEN:
        raise Refused(
            f"“{code}” cannot be the code of a rate.",
            "Use letters, digits, spaces and - . _ + & ( ), a letter or digit first; "
            f"not {', '.join(sorted(TAKEN))}.",
            field="code",
        )
    _refuse_what_cannot_be_kept(name, "name")
    if RateTable.objects.filter(code__iexact=code).exists():
        raise Conflict(f"There is a rate table {code} already.", "Choose another code.", field="code")
    return int(RateTable.objects.create(code=code, name=name, service_type=service_type).id)


def _refuse_what_cannot_be_kept(value: object, field: str) -> None:
    """A null character, or half of a character, is no text of the database."""
    text = json.dumps(value, ensure_ascii=False)
    if "\\u0000" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise Refused("A character in it cannot be kept.", "Take it out, or type it again.", field=field)


def checked_content(table: RateTable, content: dict[str, Any], starts: date, ends: date | None) -> Tariff:
    """The table's content as the engine reads it; raises ``Refused`` at the place that it cannot read."""
    _refuse_what_cannot_be_kept(content, "content")
    if ends is not None and ends <= starts:
        raise Refused(f"The version ends on {ends}, before it starts.", "Correct its dates.", field="ends")
    try:
        tariff = parse_tariff(content)
    except TariffError as problem:
        raise Refused(
            f"Rate {table.code}, {problem.place}: {problem.problem}", problem.remedy, field=problem.place
        ) from problem
    if tariff.service_type != table.service_type:
        raise Refused(
            f"Rate {table.code} is for {table.service_type}, its content for {tariff.service_type}.",
            "Correct the service type.",
            field="service_type",
        )
    return tariff


@operation("rates.version.draft", permission="rates.edit", quiet=frozenset({"content"}))
def draft_version(
    by: Actor,
    *,
    table_id: int,
    content: dict[str, Any],
    starts: date,
    ends: date | None = None,
    source: str = "",
) -> int:
    """Keep a version for ``[starts, ends)`` as a draft; returns its id.

    Raises ``Refused`` naming the place in the table when the engine cannot read it.
    """
    table = RateTable.objects.filter(id=table_id).first()
    if table is None:
        raise NotFound("There is no such rate table.", "Choose one from the list.", field="table_id")
    checked_content(table, content, starts, ends)
    version = RateVersion.objects.create(
        table=table,
        starts=starts,
        ends=ends,
        content=content,
        content_hash=content_hash(content),
        prepared_by=by.ref,
        source=source,
        made_at=under_way().at,
    )
    return int(version.id)


def writers_of(version: RateVersion) -> list[str]:
    """Everybody who wrote on it, who began it first; none of them puts it in force."""
    return list(dict.fromkeys([version.prepared_by, *filter(None, version.changed_by.split("\n"))]))


@operation("rates.version.activate", permission="rates.activate")
def activate_version(by: Actor, *, version_id: int, seen: str = "") -> int:
    """Put a draft in force; the open version before it ends where this one starts.  Returns its id.

    When bills were posted for its days, ``seen`` is the mark of what was shown of them; no bill is changed.

    Raises ``NotAllowed`` for whoever prepared it, ``Refused`` when days would lie between two versions
    without any rate or the lint stops it, ``Conflict`` when it would overlap a version that is not
    open-ended or something else than what was seen would be touched, ``NotFound`` for no version of this
    utility.
    """
    nothing_is_priced_now()
    version = RateVersion.objects.select_for_update().filter(id=version_id).first()
    if version is None:
        raise NotFound("There is no such version.", "Look at the table again.")
    if version.state != "draft":
        raise Conflict("That version is not a draft.", "Look at the table again.")
    for maker in writers_of(version):
        require_other(by, maker, version.starts, f"rate version {version.id}")
    others = list(
        RateVersion.objects.select_for_update()
        .filter(table=version.table_id, state="active")
        .order_by("starts")
    )
    for other in others:
        if other.ends is None and other.starts < version.starts:
            other.ends = version.starts
            other.save(update_fields=["ends"])
        elif _overlap(other, version):
            raise Conflict(
                f"It overlaps the version of {other.starts} in force until {other.ends or 'further notice'}.",
                "Change its dates, or withdraw the other version.",
                field="starts",
            )
    missing = gaps([Period(v.starts, v.ends) for v in [*others, version]])
    if missing and missing[0].end is not None:
        last = missing[0].end - timedelta(days=1)
        raise Refused(
            f"There would be no rate from {missing[0].start:%b %-d, %Y} to {last:%b %-d, %Y}.",
            "Let the version start where the other ends.",
            field="starts",
        )
    _refuse_what_the_lint_stops(version)
    require_confirmed(version, seen)
    version.state, version.activated_by = "active", by.ref
    version.save(update_fields=["state", "activated_by"])
    return int(version.id)


def _refuse_what_the_lint_stops(version: RateVersion) -> None:
    """Its days were looked at before; this is about what it says."""
    context = context_of(version.table, version.starts, version.ends, leaving_out=version.id)
    found = stops(lint(version.content, replace(context, versions=())))
    if found:
        first, more = found[0], len(found) - 1
        also = f" {more} more must be mended too." if more else ""
        at = f", {first.place}" if first.place else ""
        raise Refused(
            f"Rate {version.table.code}{at}: {first.problem}", first.remedy + also, field=first.place
        )


def _overlap(a: RateVersion, b: RateVersion) -> bool:
    return Period(a.starts, a.ends).overlap(Period(b.starts, b.ends)) is not None
