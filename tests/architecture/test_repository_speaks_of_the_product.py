"""The repository stands on its own: it names no machine it was written on and no host packages come from."""

import re

import pytest

from tests.architecture.sources import ROOT, place, project_files

THIS_FILE = "tests/architecture/test_repository_speaks_of_the_product.py"
ELSEWHERE = {
    "a folder of somebody's machine": re.compile(r"/(home|Users|root)/[a-z]|" + re.escape(f"{ROOT}/")),
    "a folder beside the checkout": re.compile(r"[.][.]/share[d]"),
    "a package registry": re.compile(
        r"py[p]i[.]org|python[h]osted|registry[.]npm[j]s|npm[j]s[.]org|files[.]python|proxy[.]golang|/simple/?\"|--index-url|--find-links",
    ),
}


@pytest.mark.parametrize("what", ELSEWHERE)
def test_no_file_names(what: str) -> None:
    found = []
    for path in project_files():
        if path.is_relative_to(ROOT / "static" / "vendor") or place(path) == THIS_FILE:
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except UnicodeDecodeError:
            continue  # a picture or a font
        found += [
            f"{place(path)}:{n}: {line[:90]}"
            for n, line in enumerate(lines, 1)
            if ELSEWHERE[what].search(line)
        ]
    assert found == []


def test_every_requirement_is_locked_with_its_hashes() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    packages = re.findall(r"^[a-z0-9][^\s]*==\S+", lock, re.MULTILINE)
    assert len(packages) > 50
    assert lock.count("==") == len(packages) <= lock.count("--hash=sha256:")


def test_no_secret_lies_in_the_repository() -> None:
    secret = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY-----|AKIA[0-9A-Z]{16}"
        r"|(?i:password|secret_key)\s*=\s*[\"'](?=[^\"']*\d)[\w+/=-]{16,}[\"']"
    )
    texts = {
        place(p): p.read_bytes().decode("utf-8", errors="ignore")
        for p in project_files()
        if p.suffix != ".lock"
    }
    assert [name for name, text in texts.items() if name != THIS_FILE and secret.search(text)] == []
