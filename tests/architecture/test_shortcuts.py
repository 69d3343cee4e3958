"""Shortcuts that look harmless and go round operation, scope, audit or clock."""

import ast
import re

from tests.architecture.sources import APPS, ROOT, app_files, place, project_files, python_files, tree

NOW_IN_SQL = re.compile(r"\b(now\(\)|current_date|current_timestamp|clock_timestamp\(\))", re.IGNORECASE)


def test_nobody_uses_signals_or_the_django_admin() -> None:
    banned = ("django.db.models.signals", "django.dispatch", "django.contrib.admin")
    found = [
        place(path, node)
        for path in app_files(*APPS)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(banned)
    ]
    assert found == []


def test_money_never_asks_the_database_for_the_time() -> None:
    found = [
        place(path, node)
        for path in app_files("rates", "meters", "customers", "ledger", "billing", "collections_app")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and NOW_IN_SQL.search(node.value)
    ]
    assert found == []


def test_templates_hold_no_script_and_no_event_handler() -> None:
    inline = re.compile(
        r"<script(?![^>]*\bsrc=)(?![^>]*application/json)|\son[a-z]+\s*=\s*[\"']|javascript:", re.IGNORECASE
    )
    pages = [p for p in project_files() if p.suffix == ".html" and "documents" not in p.parts]
    assert [place(page) for page in pages if inline.search(page.read_text(encoding="utf-8"))] == []


def test_every_skip_and_every_suppression_gives_its_reason() -> None:
    bare = re.compile(
        r"pytest\.mark\.(skip|xfail)(?!if)\b(?!\([^)]*reason=)|pytest\.skip\(\s*\)"
        r"|#\s*(type:\s*ignore|noqa)(\[[^\]]*\]|:\s*[A-Z]+\d+(,\s*[A-Z]+\d+)*)?\s*$",
        re.MULTILINE,
    )
    own = ROOT / "tests" / "architecture"
    found = [
        f"{place(path)}: {match.group(0)}"
        for path in python_files()
        if not path.is_relative_to(own)
        for match in bare.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []
