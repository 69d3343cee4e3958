"""Writes docs/coverage.md: which tests prove which row of docs/requirements.csv.

    python -m scripts.coverage_page            write the page
    python -m scripts.coverage_page --check    end with 1 if the page or a mark is not as it should be

The rows come from ``@pytest.mark.req("BIL-05")`` on tests that go through the system from end to end.  The
files are read, not imported, so the page needs no database.
"""

import ast
import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "docs" / "requirements.csv"
PAGE = ROOT / "docs" / "coverage.md"
# A unit test proves a part; only these folders hold tests that prove a row.
END_TO_END = ("integration", "journeys", "browser")
MOST_ROWS_A_TEST = 3
GROUPS = {
    "CUS": "Customers, locations and accounts",
    "MOV": "Connects, transfers, finals",
    "DEP": "Deposits and refunds",
    "BUD": "Budget plans",
    "HIS": "Receivables and history",
    "RAT": "Rate tables",
    "MTR": "Meters and readings",
    "BIL": "Billing",
    "COL": "Counter and payments",
    "DRF": "Bank drafts",
    "LAT": "Late fees, notices, cut-off, bad debt",
    "REP": "Reports and listings",
    "XC2": "Customer records to and from other systems",
    "AQC": "Exchange with a meter-data platform",
    "IVC": "E-payment partner",
    "SYS": "The system around it",
}


@dataclass(frozen=True)
class Marked:
    """A test and the rows it says it proves."""

    file: str
    line: int
    name: str
    rows: tuple[str, ...]

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line} {self.name}"


def requirements(path: Path = REQUIREMENTS) -> dict[str, str]:
    """The rows by id, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row["text"] for row in csv.DictReader(lines)}


def marked_tests(tests: Path = ROOT / "tests") -> list[Marked]:
    """Every test with a requirement mark of its own or of its class or module."""
    return [found for path in sorted(tests.rglob("test_*.py")) for found in _marked_in(path, tests.parent)]


def _marked_in(path: Path, root: Path) -> Iterator[Marked]:
    module = ast.parse(path.read_text(encoding="utf-8"))
    everywhere = tuple(
        row
        for node in module.body
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets)
        for row in _rows(ast.walk(node.value))
    )
    for node in module.body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        shared = everywhere + (_rows(node.decorator_list) if isinstance(node, ast.ClassDef) else ())
        for test in inside:
            if isinstance(test, ast.FunctionDef | ast.AsyncFunctionDef) and test.name.startswith("test"):
                rows = tuple(dict.fromkeys(shared + _rows(test.decorator_list)))
                if rows:
                    yield Marked(path.relative_to(root).as_posix(), test.lineno, test.name, rows)


def _rows(nodes: Iterator[ast.AST] | Sequence[ast.AST]) -> tuple[str, ...]:
    return tuple(
        argument.value
        for node in nodes
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "pytest.mark.req"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )


def faults(tests: Sequence[Marked], known: dict[str, str]) -> list[str]:
    """What is wrong with the marks, one sentence each."""
    found = []
    for test in tests:
        if test.file.split("/")[1] not in END_TO_END:
            found.append(f"{test.where}: a mark belongs on a test in tests/{'|'.join(END_TO_END)}.")
        if len(test.rows) > MOST_ROWS_A_TEST:
            found.append(
                f"{test.where}: proves {len(test.rows)} rows; at most {MOST_ROWS_A_TEST}, so split it."
            )
        found += [
            f"{test.where}: {row} is not in docs/requirements.csv." for row in test.rows if row not in known
        ]
    return found


def page(tests: Sequence[Marked], known: dict[str, str]) -> str:
    """The page as it should be."""
    proofs: dict[str, list[Marked]] = {row: [] for row in known}
    for test in tests:
        for row in test.rows:
            proofs.setdefault(row, []).append(test)
    proved = sum(bool(proofs[row]) for row in known)
    lines = [
        "# What is proved, row by row",
        "",
        "Made by `python -m scripts.coverage_page` from the marks on the tests; do not edit.",
        f"{proved} of {len(known)} rows have a test that goes through the system from end to end.",
    ]
    for group, title in GROUPS.items():
        lines += ["", f"## {title}", "", "| row | what must work | proved by |", "|---|---|---|"]
        lines += [
            f"| {row} | {text} | {'<br>'.join(_link(test) for test in proofs[row]) or '—'} |"
            for row, text in known.items()
            if row.startswith(f"{group}-")
        ]
    return "\n".join(lines) + "\n"


def _link(test: Marked) -> str:
    # Without a line number: the page would change whenever a line is added above a test.
    return f"[{test.name.removeprefix('test_').replace('_', ' ')}](../{test.file})"


def main(arguments: Sequence[str]) -> int:
    """Write the page, or with ``--check`` say what is wrong."""
    known, tests = requirements(), marked_tests()
    wrong = faults(tests, known)
    wanted = page(tests, known)
    if "--check" not in arguments:
        PAGE.write_text(wanted, encoding="utf-8")
    elif not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted:
        wrong.append("docs/coverage.md is not current. Run: python -m scripts.coverage_page")
    for sentence in wrong:
        print(sentence, file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
