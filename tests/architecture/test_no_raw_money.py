"""Money is exact, and only the ledger writes the ledger."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps

from tests.architecture.sources import APPS, MONEY_APPS, app_files, place, tree

WRITES = re.compile(
    r"\b(insert\s+into|update|delete\s+from|truncate(\s+table)?|copy|merge\s+into)\s+(only\s+)?\"?ledger_",
    re.IGNORECASE,
)
WRITING_CALLS = {
    *("create", "acreate", "bulk_create", "bulk_update", "get_or_create", "update_or_create"),
    *("update", "delete"),
}


def floats_in(path: Path) -> Iterator[ast.AST]:
    # On paper and on the screen a literal is a length; turning anything into a float is forbidden there too.
    drawing = path.stem == "home" or bool({"documents", "web"} & set(path.with_suffix("").parts))
    for node in ast.walk(tree(path)):
        called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float"
        literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
        named = isinstance(node, ast.Name) and node.id == "float"
        if called or (not drawing and (literal or named)):
            yield node


def test_money_apps_use_no_binary_fractions() -> None:
    found = [place(path, node) for path in app_files(*MONEY_APPS) for node in floats_in(path)]
    assert found == []


def test_money_itself_uses_no_binary_fractions() -> None:
    found = [
        place(p, node)
        for p in app_files("core")
        if p.stem in ("money", "quantities")
        for node in floats_in(p)
    ]
    assert found == []


def test_sql_writes_to_the_ledger_only_inside_the_ledger() -> None:
    found = [
        place(path, node)
        for path in app_files(*APPS, "bench")
        if "ledger" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITES.search(node.value)
    ]
    assert found == []


def test_objects_of_the_ledger_are_written_only_inside_the_ledger() -> None:
    models = {model.__name__ for model in apps.get_app_config("ledger").get_models()}
    found = [
        place(path, node)
        for path in app_files(*APPS)
        if "ledger" not in path.parts
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if node.func.attr in WRITING_CALLS and models & named_in(node.func.value)
    ]
    assert found == []


def named_in(expression: ast.expr) -> set[str]:
    """Names a chain like ``Journal.objects.filter(…)`` starts from."""
    while isinstance(expression, ast.Attribute | ast.Call):
        expression = expression.value if isinstance(expression, ast.Attribute) else expression.func
    return {expression.id} if isinstance(expression, ast.Name) else set()


def test_the_search_for_sql_finds_what_it_looks_for() -> None:
    written = ("INSERT INTO ledger_journal", "update ledger_openitem set", 'DELETE FROM "ledger_line"')
    assert all(WRITES.search(sql) for sql in written)
    assert not WRITES.search("SELECT sum(amount) FROM ledger_line FOR UPDATE")
