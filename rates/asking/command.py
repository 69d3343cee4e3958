"""``rate TABLE.json --input INPUT.json``: files read, the answer printed; no database, no settings."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rates.asking.exact import read_json
from rates.asking.facts import read_asked
from rates.asking.saying import as_document, as_text
from rates.asking.tables import read_tables
from rates.asking.working import NotPriced, work
from rates.engine import TariffError

WRONG = 2
"""What the command ends with when a file cannot be read or a bill cannot be priced."""


class Unanswerable(Exception):
    """The files do not make a bill; the text says where and what to do."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("table", metavar="TABLE.json", help="a rate table, several of one bill, or versions")
    parser.add_argument(
        "--input", metavar="INPUT.json", required=True, help="the period and the use (-: typed in)"
    )
    parser.add_argument("--json", action="store_true", help="for a program: JSON instead of text")


def answer_to(table: str, given: str, *, as_json: bool) -> str:
    """What to print for these two files; raises ``Unanswerable``."""
    tables = _step_at(table, lambda: read_tables(read_json(_text(table), bare_numbers=False)))
    asked = _step_at(given, lambda: read_asked(read_json(_text(given), bare_numbers=True), tables))
    try:
        answer = work(tables, asked)
    except NotPriced as wrong:
        raise Unanswerable(f"{given}: {wrong}") from wrong
    if as_json:
        return json.dumps(as_document(answer), indent=2, ensure_ascii=False) + "\n"
    return as_text(answer)


def _step_at(name: str, read: Any) -> Any:
    try:
        return read()
    except TariffError as wrong:
        place = f", {wrong.place}" if wrong.place else ""
        raise Unanswerable(f"{name}{place}: {wrong.problem} {wrong.remedy}") from wrong


def _text(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8-sig")
    except OSError as wrong:
        raise Unanswerable(f"{name}: {wrong.strerror}. Check the name of the file.") from wrong
    except UnicodeDecodeError as wrong:
        raise Unanswerable(f"{name}: it is not UTF-8. Save it as UTF-8.") from wrong


def main(argv: Sequence[str]) -> int:
    """The command by itself, as ``manage.py`` runs it; returns what to end with."""
    about = "A bill from a rate table and its facts, both in files."
    parser = argparse.ArgumentParser(prog="manage.py rate", description=about)
    arguments(parser)
    given = parser.parse_args(argv)
    try:
        sys.stdout.write(answer_to(given.table, given.input, as_json=given.json))
    except Unanswerable as wrong:
        sys.stderr.write(f"{wrong}\n")
        return WRONG
    return 0
