"""Lines of measurement, printed and kept beside commit, machine and seed."""

import os
import platform
import subprocess
import sys
from pathlib import Path

from core import clock

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "measurements"


def line(name: str, value: float, unit: str, **keys: object) -> str:
    """``bench NAME key=value … value=… unit=…``."""
    said = " ".join(f"{k}={v}" for k, v in keys.items())
    places = 2 if unit == "times" else 1
    return f"bench {name} {said} value={value:.{places}f} unit={unit}"


def keep(lines: list[str], seed: int) -> Path:
    """Append the lines to the day's page."""
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    now = clock.now()
    FOLDER.mkdir(parents=True, exist_ok=True)
    page = FOLDER / f"bench-{now:%Y-%m-%d}.md"
    command = " ".join(["python -m bench", *sys.argv[1:]])
    head = (
        f"\n## {now:%H:%M} UTC, commit {commit or 'unknown'}, seed {seed}, {os.cpu_count()} cores,"
        f" Python {platform.python_version()}\n\nCommand: `{command}`\n\n"
    )
    with page.open("a") as out:
        if page.stat().st_size == 0:
            out.write(f"# Measurements of {now:%B %-d, %Y}\n")
        out.write(head + "".join(f"    {text}\n" for text in lines))
    return page
