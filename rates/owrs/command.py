"""``owrs FILE.owrs``: the tables of a file, printed or written; what it could not take over is told."""

import argparse
import json
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rates.asking.command import WRONG, Unanswerable
from rates.owrs.converting import Converted, convert
from rates.owrs.source import OwrsError

_SEASON = re.compile(r"^([^=]+)=(\d\d-\d\d)$")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("file", metavar="FILE.owrs", help="a file of the Open Water Rate Specification")
    parser.add_argument("--out", metavar="FOLDER", help="write each table to a file there; else print them")
    parser.add_argument(
        "--season",
        action="append",
        default=[],
        metavar="NAME=MM-DD",
        help="the day on which a season begins, once for each season: --season Summer=05-01",
    )


def told(name: str, out: str | None, seasons: Sequence[str]) -> tuple[str, str]:
    """What to print, and what to say beside it; raises ``Unanswerable``."""
    try:
        text = Path(name).read_text(encoding="utf-8-sig")
        found = convert(text, _days(seasons))
    except OSError as wrong:
        raise Unanswerable(f"{name}: {wrong.strerror}. Check the name of the file.") from wrong
    except UnicodeDecodeError as wrong:
        raise Unanswerable(f"{name}: it is not UTF-8. Save it as UTF-8.") from wrong
    except OwrsError as wrong:
        raise Unanswerable(f"{name}: {wrong}") from wrong
    report = "".join(_report(c) for c in found)
    if out is not None:
        return _written(Path(out), found), report
    tables = [c.content for c in found if c.content is not None]
    return json.dumps(tables, indent=2, ensure_ascii=False) + "\n", report


def _days(seasons: Sequence[str]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for given in seasons:
        parts = _SEASON.match(given)
        if not parts:
            raise Unanswerable(f"--season {given}: write it like Summer=05-01.")
        found[parts[1].strip()] = parts[2]
    return found


def _written(folder: Path, found: Sequence[Converted]) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for converted in found:
        if converted.content is not None:
            name = re.sub(r"[^a-z0-9]+", "-", converted.customer_class.lower()).strip("-") or "class"
            path = folder / f"{name}.json"
            path.write_text(
                json.dumps(converted.content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
            )
            lines.append(f"{path}\n")
    return "".join(lines)


def _report(converted: Converted) -> str:
    content = converted.content
    count = 0 if content is None else len(content["components"])
    said = f"{count} charge{'' if count == 1 else 's'}" if count else "no table"
    remarks = "".join(f"  {remark}\n" for remark in converted.remarks)
    return f"{converted.customer_class}: {said}\n{remarks}"


def main(argv: Sequence[str]) -> int:
    """The command by itself, as ``manage.py`` runs it; returns what to end with."""
    parser = argparse.ArgumentParser(
        prog="manage.py owrs", description="Rate tables from a file of the Open Water Rate Specification."
    )
    arguments(parser)
    given = parser.parse_args(argv)
    try:
        printed, report = told(given.file, given.out, given.season)
    except Unanswerable as wrong:
        sys.stderr.write(f"{wrong}\n")
        return WRONG
    sys.stderr.write(report)
    sys.stdout.write(printed)
    return 0
