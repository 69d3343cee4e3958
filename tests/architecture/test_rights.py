"""Every address and every operation says its right, and every right is declared."""

import re
from pathlib import Path

from django.conf import settings

from config.roles import ROLES
from core.permissions import all_permissions, expanded
from core.web.route_table import all_routes

# The demo founds its towns as the system, which needs no right.
NOT_THE_PRODUCT = ("tests/", ".venv/", "config/town/", "bench/")
OPERATION = re.compile(r'@operation\(\s*"([^"]+)",\s*permission=(?:"([^"]+)"|(\w+))')


def routes() -> list[tuple[str, str]]:
    both = (*all_routes(), *all_routes(settings.BARE_URLCONF))
    return [(f"{r.method} {r.path}", r.permission) for r in both]


def test_every_address_says_who_may() -> None:
    both = (*all_routes(), *all_routes(settings.BARE_URLCONF))
    assert [f"{r.method} {r.path}" for r in both if not r.declared] == []


def test_every_right_of_an_address_is_declared() -> None:
    assert [r for r in routes() if r[1] and r[1] not in all_permissions()] == []


def test_every_right_of_an_operation_is_declared() -> None:
    wrong = []
    for path in Path(settings.ROOT).rglob("*.py"):
        name = str(path.relative_to(settings.ROOT))
        if name.startswith(NOT_THE_PRODUCT):
            continue
        text = path.read_text()
        for operation, right, constant in OPERATION.findall(text):
            named = right or re.search(rf'^{constant} = "([^"]+)"', text, re.M)[1]  # type: ignore[index]  # a miss fails the test
            if named not in all_permissions():
                wrong.append(f"{name}: {operation} needs {named}")
    assert wrong == []


def test_every_pattern_of_a_role_means_something() -> None:
    patterns = [(role.code, p) for role in ROLES for p in role.permissions]
    assert [p for p in patterns if not expanded([p[1]])] == []


def test_a_viewer_holds_no_right_to_change_anything() -> None:
    viewer = next(r for r in ROLES if r.code == "viewer")
    assert {code.rsplit(".", 1)[1] for code in expanded(viewer.permissions)} == {"view"}
