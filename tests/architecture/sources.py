"""The project's own files, as git knows them or would take them up."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# From the ground up; an app may know those to its left only.
APPS = (
    *("core", "rates", "meters", "customers", "ledger", "billing", "collections_app"),
    *("interchange", "reports", "config"),
)
MONEY_APPS = ("rates", "ledger", "billing", "collections_app")


@cache
def project_files() -> tuple[Path, ...]:
    """Every file that is, or is about to be, in the repository; ignored ones are not."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, check=True, text=True)
    paths = (ROOT / name for name in listed.stdout.split("\0") if name)
    return tuple(path for path in sorted(paths) if path.is_file())


def python_files(*, migrations: bool = False) -> Iterator[Path]:
    """The Python files, without migrations unless asked for."""
    for path in project_files():
        if path.suffix == ".py" and (migrations or "migrations" not in path.parts):
            yield path


def app_files(*apps: str) -> Iterator[Path]:
    """The Python files of these apps, without migrations."""
    for path in python_files():
        if path.relative_to(ROOT).parts[0] in apps:
            yield path


@cache
def tree(path: Path) -> ast.Module:
    """The file parsed."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    """``ledger/posting.py:12``, for messages."""
    line = getattr(node, "lineno", None)
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))
