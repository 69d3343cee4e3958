"""Asking what-ifs, and putting them away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from billing.what_if.bases import Taken, bills_taken, rates_used, spans, taken
from billing.what_if.retroactive import concerned
from billing.what_if_models import WhatIf, WhatIfBill, WhatIfTable
from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.models import Job
from core.operations import note, operation, under_way
from core.work.jobs import OPEN_STATES, start_job
from rates.engine import TariffError, content_hash, parse_tariff
from rates.models import RateTable, RateVersion

KIND = "billing.what_if"
PART = 5_000
MOST_PERCENT = Decimal(1000)


@dataclass(frozen=True, slots=True)
class NewTable:
    """What prices instead of a rate table: a version, a content, or itself with other prices.

    Exactly one of the three is given.  The version is its own or that of another table for the same service;
    ``percent`` is above zero for higher prices.
    """

    table_id: int
    version_id: int | None = None
    content: dict[str, Any] | None = None
    percent: Decimal | None = None


@operation("rates.what_if.ask", permission="rates.what_if", quiet=frozenset({"tables"}))
def ask_what_if(
    by: Actor,
    *,
    name: str,
    tables: Sequence[NewTable],
    basis: str = WhatIf.Basis.LATEST,
    run_id: int | None = None,
    month: date | None = None,
    note_text: str = "",
) -> int:
    """Start working posted bills out under other tables; returns the what-if's id.

    Raises ``Refused`` without a name or a table, for a content that the rate engine cannot read (naming the
    place in it), for a table that prices none of these bills and where no bill was posted.
    """
    if not name.strip():
        raise Refused("A what-if needs a name.", "Say in a few words what is asked.", field="name")
    if not tables:
        raise Refused(
            "No table is to be another.", "Choose a version, a file or a per cent for one.", field="tables"
        )
    found = taken(basis, run_id, month)
    chosen = [_row(one) for one in tables]
    used = rates_used(found.runs)
    idle = [row.table.code for row in chosen if row.table.code not in used]
    if len(idle) == len(chosen):
        raise Refused(
            f"None of these bills is priced by {', '.join(idle)}.",
            "Choose other tables, or other bills.",
            field="tables",
        )
    note(tables=[row.table.code for row in chosen], bills=found.text)
    return _begin(by, WhatIf(name=name.strip()[:120], note=note_text.strip(), basis=basis), found, chosen)


@operation("rates.what_if.retroactive", permission="rates.what_if")
def ask_retroactive(by: Actor, *, version_id: int) -> int:
    """Work out what a draft that starts in the past would mean for bills of its days; returns the id.

    One that was worked out for exactly these bills and this version is given again.  Raises ``Conflict`` when
    the version is no draft, ``Refused`` when no bill was posted for its days.
    """
    version = RateVersion.objects.select_related("table").filter(id=version_id).first()
    if version is None:
        raise NotFound("There is no such version.", "Look at the table again.")
    if version.state != "draft":
        raise Conflict("That version is not a draft.", "Look at the table again.")
    found = concerned(version, version.table.code)
    if not found.bills:
        raise Refused(
            f"No bill was posted for days from {version.starts:%b %-d, %Y} on.",
            "Put the version in force; it changes nothing that was billed.",
        )
    same = WhatIf.objects.filter(version=version, mark=found.mark).order_by("-id")
    for earlier in same.select_related("job"):
        if earlier.figures or (earlier.job is not None and earlier.job.state in OPEN_STATES):
            return int(earlier.id)
    code = version.table.code
    row = WhatIfTable(table=version.table, version=version)
    row.content, row.content_hash = version.content, version.content_hash
    text = f"Posted bills of days from {version.starts:%b %-d, %Y}"
    what_if = WhatIf(name=f"{code} from {version.starts:%b %-d, %Y}", basis=WhatIf.Basis.SINCE)
    what_if.version, what_if.mark = version, found.mark
    return _begin(by, what_if, Taken(found.runs, text), [row])


def _row(one: NewTable) -> WhatIfTable:
    """The table as it is kept with the question."""
    table = RateTable.objects.filter(id=one.table_id).first()
    if table is None:
        raise NotFound("There is no such rate table.", "Choose one from the list.", field="tables")
    given = [one.version_id is not None, one.content is not None, one.percent is not None]
    if sum(given) != 1:
        raise Refused(
            f"For {table.code} it is not clear what prices instead.",
            "Choose one of a version, a file and a per cent.",
            field="tables",
        )
    row = WhatIfTable(table=table, percent=one.percent)
    if one.percent is not None:
        if not -100 < one.percent <= MOST_PERCENT or not one.percent:
            raise Refused(
                f"{one.percent} per cent cannot be meant.", "Type a change like 4 or -2.5.", field="tables"
            )
        return row
    content = one.content
    if one.version_id is not None:
        row.version = RateVersion.objects.filter(id=one.version_id).first()
        if row.version is None:
            raise NotFound("There is no such version.", "Choose one from the list.", field="tables")
        content = row.version.content
    assert content is not None
    _readable(table, content)
    row.content, row.content_hash = content, content_hash(content)
    return row


def _readable(table: RateTable, content: dict[str, Any]) -> None:
    try:
        tariff = parse_tariff(content)
    except TariffError as problem:
        raise Refused(
            f"{table.code}, {problem.place}: {problem.problem}", problem.remedy, field="tables"
        ) from problem
    if tariff.service_type != table.service_type:
        raise Refused(
            f"{table.code} is for {table.service_type}, the new table for {tariff.service_type}.",
            "Choose a table for the same service.",
            field="tables",
        )


def _begin(by: Actor, what_if: WhatIf, found: Taken, rows: Sequence[WhatIfTable]) -> int:
    what_if.basis_text, what_if.runs = found.text, list(found.runs)
    what_if.bills = bills_taken(found.runs)
    what_if.made_by, what_if.made_at = by.ref, under_way().at
    what_if.save()
    for row in rows:
        row.what_if = what_if
        row.save()
    what_if.job_id = start_job(
        by,
        KIND,
        f"What if: {what_if.name}"[:160],
        {"what_if": what_if.id},
        [(s.bills, {"run": s.run, "first": s.first, "last": s.last}) for s in spans(found.runs, PART)],
    )
    what_if.save(update_fields=["job_id"])
    return int(what_if.id)


@operation("rates.what_if.rename", permission="rates.what_if")
def rename_what_if(by: Actor, *, what_if_id: int, name: str, note_text: str = "") -> int:
    """Another name and note; returns the id."""
    what_if = _locked(what_if_id)
    if not name.strip():
        raise Refused("A what-if needs a name.", "Say in a few words what was asked.", field="name")
    what_if.name, what_if.note = name.strip()[:120], note_text.strip()
    what_if.save(update_fields=["name", "note"])
    return int(what_if.id)


@operation("rates.what_if.delete", permission="rates.what_if")
def delete_what_if(by: Actor, *, what_if_id: int) -> int:
    """Throw a what-if away with all that was worked out; returns the id it had.

    Raises ``Conflict`` while it is being worked out, and for one that was confirmed when its version was put
    in force: that one says why bills were made again.
    """
    what_if = _locked(what_if_id)
    if what_if.job_id is not None and Job.objects.filter(id=what_if.job_id, state__in=OPEN_STATES).exists():
        raise Conflict("It is still being worked out.", "Stop its job first, or wait until it is done.")
    if what_if.version_id is not None and what_if.version.state == "active":
        raise Conflict(
            "Its version was put in force on what it shows.", "Keep it: it says which bills differ."
        )
    note(name=what_if.name)
    WhatIfBill.objects.filter(what_if=what_if).delete()
    WhatIfTable.objects.filter(what_if=what_if).delete()
    what_if.delete()
    return what_if_id


def _locked(what_if_id: int) -> WhatIf:
    found = WhatIf.objects.select_for_update().filter(id=what_if_id).first()
    if found is None:
        raise NotFound("There is no such what-if.", "Choose one from the list.")
    return found
