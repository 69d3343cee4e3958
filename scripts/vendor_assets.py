"""Fetch the stylesheet, icons and font the screens use and keep them in the repository.

    python scripts/vendor_assets.py

Each package is taken at the version written here, with npm.  What is kept, its licence and its
sha256 are written to ``static/vendor/VENDORED.json``, and ``tests/unit/test_ui_assets.py`` holds the
files to it.  The icons are gathered into one sprite, ``static/ui/icons.svg``, which has only those
named in ``core/ui/icons.py``.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
SPRITE = ROOT / "static" / "ui" / "icons.svg"
sys.path.insert(0, str(ROOT))

from core.ui.icons import ICONS  # noqa: E402 - the path above has to be set first

TABLER = "@tabler/core@1.6.1"
TABLER_ICONS = "@tabler/icons@3.51.0"
INTER = "@fontsource-variable/inter@5.3.0"

# The package of the stylesheet carries its licence only in its manifest and the head of the file.
TABLER_NOTICE = (
    "Tabler, copyright 2018-2026 The Tabler Authors and codecalm.net Pawel Kuna, MIT licence.\n"
    "It contains Bootstrap, copyright 2011-2026 The Bootstrap Authors, licensed under the MIT licence.\n\n"
)


def fetch(package: str, folder: Path) -> Path:
    """Unpack one npm package below ``folder`` and return the place of its files."""
    packed = subprocess.run(
        ["npm", "pack", "--silent", package], cwd=folder, check=True, capture_output=True, text=True
    )
    archive = folder / packed.stdout.strip().splitlines()[-1]
    target = folder / archive.stem
    with tarfile.open(archive) as bundle:
        bundle.extractall(target, filter="data")
    return target / "package"


def sprite(icons: Path) -> str:
    """One SVG of symbols; a page shows an icon with ``<use href="icons.svg#name">``."""
    symbols = []
    for name in sorted(ICONS):
        drawing = (icons / "icons" / "outline" / f"{name}.svg").read_text()
        body = re.sub(r"(?s)^.*?<svg[^>]*>|</svg>\s*$", "", drawing)
        body = re.sub(r'\s*<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "", body)
        paths = "".join(line.strip() for line in body.strip().splitlines())
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
            f'stroke-linecap="round" stroke-linejoin="round">{paths}</symbol>'
        )
    notice = "<!-- Tabler Icons, MIT licence: ../vendor/tabler-icons/LICENSE -->"
    return f'<svg xmlns="http://www.w3.org/2000/svg">{notice}\n' + "\n".join(symbols) + "\n</svg>\n"


def keep(source: Path, target: Path) -> None:
    """Copy one file; a stylesheet loses its pointer to a source map that is not kept."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.suffix == ".css":
        text = re.sub(r"/\*# sourceMappingURL=.*?\*/", "", source.read_text(encoding="utf-8"))
        target.write_text(text.strip() + "\n", encoding="utf-8")
    else:
        shutil.copyfile(source, target)


def record(package: str, licence: str, files: list[Path]) -> dict[str, object]:
    """What ``VENDORED.json`` says of one package."""
    sums = {str(f.relative_to(ROOT)): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}
    name, _, version = package.rpartition("@")
    return {"package": name, "version": version, "licence": licence, "files": sums}


def main() -> int:
    """Fetch everything and write the record; returns the exit status."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        tabler, icons, inter = (fetch(p, folder) for p in (TABLER, TABLER_ICONS, INTER))
        keep(tabler / "dist/css/tabler.min.css", VENDOR / "tabler/tabler.min.css")
        mit = (icons / "LICENSE").read_text(encoding="utf-8")
        terms = mit[mit.index("Permission is hereby granted") :]
        (VENDOR / "tabler/LICENSE").write_text(TABLER_NOTICE + terms, encoding="utf-8")
        keep(icons / "LICENSE", VENDOR / "tabler-icons/LICENSE")
        keep(inter / "LICENSE", VENDOR / "inter/LICENSE")
        for subset in ("latin", "latin-ext"):
            name = f"inter-{subset}-wght-normal.woff2"
            keep(inter / "files" / name, VENDOR / "inter" / name)
        SPRITE.parent.mkdir(parents=True, exist_ok=True)
        SPRITE.write_text(sprite(icons), encoding="utf-8")
    kept = [
        record(TABLER, "MIT", [VENDOR / "tabler/tabler.min.css", VENDOR / "tabler/LICENSE"]),
        record(TABLER_ICONS, "MIT", [SPRITE, VENDOR / "tabler-icons/LICENSE"]),
        record(INTER, "OFL-1.1", sorted((VENDOR / "inter").iterdir())),
    ]
    (VENDOR / "VENDORED.json").write_text(json.dumps(kept, indent=2) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
