"""A rate table with its versions as a file: taken away, and brought in again as drafts.

The file is what ``manage.py rate`` takes, with the code and name of the table and the days of each version.
"""

from datetime import date
from typing import Any

from core.actors import Actor
from core.errors import Refused
from core.operations import note, operation
from rates.asking.exact import read_json
from rates.engine import TariffError, content_hash
from rates.engine.reader import Book, Reader
from rates.models import RateTable, RateVersion
from rates.operations import create_table, draft_version

LARGEST = 5 * 1024 * 1024
MOST_VERSIONS = 500
_CODE, _NAME = 20, 120


def table_as_file(table: RateTable) -> dict[str, Any]:
    """The table with the versions that were put in force, the earliest first; before any was, its drafts."""
    every = list(RateVersion.objects.filter(table=table).order_by("starts", "id"))
    active = [v for v in every if v.state == RateVersion.State.ACTIVE]
    versions = active or [v for v in every if v.state == RateVersion.State.DRAFT]
    return {
        "code": table.code,
        "name": table.name,
        "service_type": table.service_type,
        "versions": [
            {
                "from": v.starts.isoformat(),
                "until": v.ends.isoformat() if v.ends else None,
                "state": v.state,
                "source": v.source,
                "table": v.content,
            }
            for v in versions
        ],
    }


def read_file(content: bytes) -> dict[str, Any]:
    """What a file holds; raises ``Refused`` at the field ``file`` for what is no JSON object."""
    if len(content) > LARGEST:
        raise Refused("The file is too large for a rate table.", "Send one table in a file.", field="file")
    try:
        found = read_json(content.decode("utf-8-sig"), bare_numbers=False)
    except UnicodeDecodeError:
        raise Refused("The file is not UTF-8.", "Save it as UTF-8.", field="file") from None
    except TariffError as wrong:
        raise _refused(wrong) from wrong
    if not isinstance(found, dict):
        raise Refused("The file holds no rate table.", "It begins with { and ends with }.", field="file")
    return found


@operation("rates.table.bring_in", permission="rates.edit", quiet=frozenset({"content"}))
def bring_in(by: Actor, *, content: dict[str, Any], code: str = "", starts: date | None = None) -> list[int]:
    """Make drafts of the versions of a file, and the table if there is none of its code; returns their ids.

    ``code`` stands for the one of the file; a file of one table without versions needs ``code`` and
    ``starts``.  A version that is here already (same first day, same content) is left out; no draft at all is
    refused.  All or nothing.  Raises ``Refused`` with the place in the file.
    """
    try:
        found = _versions(Reader(content, "", Book()), starts)
        name, service_type = _about(content, found)
        wanted = code.strip() or str(content.get("code") or "").strip()
    except TariffError as wrong:
        raise _refused(wrong) from wrong
    if not 1 <= len(wanted) <= _CODE:
        raise Refused("The table has no code.", f"Type one of up to {_CODE} characters.", field="code")
    table = RateTable.objects.filter(code=wanted).first()
    table_id = table.id if table else create_table(by, code=wanted, name=name, service_type=service_type)
    here = set(
        RateVersion.objects.filter(table_id=table_id)
        .exclude(state="withdrawn")
        .values_list("starts", "content_hash")
    )
    new = [v for v in found if (v["starts"], content_hash(v["content"])) not in here]
    if not new:
        raise Refused(f"Rate {wanted} has all of it already.", "There is nothing to bring in.", field="file")
    note(rate=wanted, drafts=len(new), left_out=len(found) - len(new))
    return [draft_version(by, table_id=table_id, **version) for version in new]


def _versions(reader: Reader, starts: date | None) -> list[dict[str, Any]]:
    if not reader.has("versions"):
        if starts is None:
            raise reader.fail(
                "The file is one table without versions.", "Type the first day from which it is to hold."
            )
        return [{"content": dict(reader.mapping()), "starts": starts, "source": ""}]
    pieces = reader.at("versions").items()
    if len(pieces) > MOST_VERSIONS:
        raise reader.at("versions").fail(
            f"There are {len(pieces)} versions.", f"Send {MOST_VERSIONS} at most."
        )
    return [
        {
            "content": dict(piece.at("table").mapping()),
            "starts": piece.at("from").day(),
            "ends": piece.at("until").day() if _given(piece, "until") else None,
            "source": piece.at("source").words()[:300] if _given(piece, "source") else "",
        }
        for piece in pieces
    ]


def _given(reader: Reader, key: str) -> bool:
    return bool(reader.mapping().get(key))


def _about(content: dict[str, Any], found: list[dict[str, Any]]) -> tuple[str, str]:
    """Name and service, for a table that is made."""
    last = found[-1]["content"]
    reader = Reader({**last, **{k: v for k, v in content.items() if v}}, "", Book())
    return reader.at("name").words()[:_NAME], reader.at("service_type").name()


def _refused(wrong: TariffError) -> Refused:
    place = f"{wrong.place}: " if wrong.place else ""
    return Refused(f"{place}{wrong.problem}", wrong.remedy, field="file")
