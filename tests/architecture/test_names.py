"""A module is named after what it is about, in words a utility's staff use."""

from tests.architecture.sources import ROOT, place, python_files

SAYS_NOTHING = {
    "utils",
    "util",
    "helpers",
    "helper",
    "manager",
    "managers",
    "service",
    "base",
    "data",
    "misc",
}
# Django looks for a database backend in a module of exactly this name.
GIVEN_BY_DJANGO = {"core/tenancy/backend/base.py"}


def test_no_module_has_a_name_that_says_nothing() -> None:
    named = [
        place(path)
        for path in python_files(migrations=True)
        if SAYS_NOTHING & {*path.relative_to(ROOT).with_suffix("").parts}
        and str(path.relative_to(ROOT)) not in GIVEN_BY_DJANGO
    ]
    assert named == []
