"""The second reading of the rate language shares no code with the engine: else both could be wrong alike."""

import ast
import sys
from pathlib import Path

from tests.architecture.sources import ROOT, place, tree

FOLDER = ROOT / "tests" / "oracle"


def imported(path: Path) -> list[tuple[str, str]]:
    """Modules that a file imports, with the place."""
    found = []
    for node in ast.walk(tree(path)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = ["." * node.level + (node.module or "")]
        found += [(name, place(path, node)) for name in names]
    return found


def test_the_oracle_imports_the_standard_library_and_itself_only() -> None:
    files = sorted(FOLDER.rglob("*.py"))
    assert len(files) > 10
    strangers = [
        f"{where} imports {name}"
        for path in files
        for name, where in imported(path)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith("tests.oracle")
    ]
    assert strangers == []


def test_the_oracle_reads_no_file_of_the_engine() -> None:
    readers = {"open", "read_text", "read_bytes", "import_module", "__import__", "exec", "eval"}
    found = []
    for path in sorted(FOLDER.rglob("*.py")):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                found += [place(path, node)] if name in readers else []
    assert found == []
