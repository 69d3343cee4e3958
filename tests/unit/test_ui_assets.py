"""What is vendored, and what the screens ask of it."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from core.ui.context import PLACES
from core.ui.icons import ICONS

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCREENS = [t for t in TEMPLATES if "documents" not in t.parts and "reports" not in t.parts]


def test_vendored_files_are_those_recorded() -> None:
    for package in json.loads((ROOT / "static/vendor/VENDORED.json").read_text()):
        assert package["licence"] in ("MIT", "OFL-1.1")
        for name, digest in package["files"].items():
            assert hashlib.sha256((ROOT / name).read_bytes()).hexdigest() == digest, name


def test_the_sprite_has_every_icon() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (ROOT / "static/ui/icons.svg").read_text()))
    assert drawn == ICONS


@pytest.mark.parametrize("template", SCREENS, ids=lambda t: str(t.relative_to(ROOT)))
def test_screens_keep_to_the_content_policy(template: Path) -> None:
    text = template.read_text()
    assert not re.search(r"<script(?![^>]*\bsrc=)", text), "an inline script"
    assert not re.search(r"\son[a-z]+=", text), "a handler in an attribute"
    assert not re.search(r"\sstyle=", text), "an inline style"
    assert "hx-on" not in text


@pytest.mark.parametrize("template", SCREENS, ids=lambda t: str(t.relative_to(ROOT)))
def test_icons_named_in_templates_exist(template: Path) -> None:
    named = re.findall(r'\{% icon "([\w-]+)"', template.read_text())
    named += re.findall(r'\bicon="([\w-]+)"', template.read_text())
    assert set(named) <= ICONS


def test_scripts_never_evaluate_text() -> None:
    for script in (ROOT / "static/js").glob("*.js"):
        assert not re.search(r"\beval\(|new Function|innerHTML", script.read_text()), script.name


def test_navigation_keys_keep_clear_of_each_other_and_of_the_tabs_of_an_account() -> None:
    keys = [place.key for place in PLACES]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set("otbumspdlwnfy")
