"""What long trials leave behind: a line each, with command, commit, seed and figures."""

import os
import platform
import subprocess
from pathlib import Path
from typing import Any

import pytest

from core import clock

ROOT = Path(__file__).resolve().parents[2]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record", metavar="FILE", type=Path, help="add a line for each trial to this file")
    parser.addoption("--said", metavar="COMMAND", default="make trials", help="the command, as it was typed")


def pytest_configure(config: pytest.Config) -> None:
    file = config.getoption("--record")
    if file:
        config.pluginmanager.register(Record(file, config.getoption("--said")), "trials-record")


class Record:
    """Writes as it goes: a trial of hours that is broken off has its lines."""

    def __init__(self, file: Path, command: str) -> None:
        self._file, self._command = file, command
        self._begun = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" or report.outcome == "failed":
            self._write(report)

    def _write(self, report: pytest.TestReport) -> None:
        if not self._begun:
            self._begin()
        figures = " ".join(f"{name}={value}" for name, value in report.user_properties)
        name = report.nodeid.removeprefix("tests/integration/").replace("|", "/")
        self._add(f"| {name} | {report.outcome} | {report.duration:.1f} | {figures} |\n")

    def _begin(self) -> None:
        self._begun = True
        self._file.parent.mkdir(parents=True, exist_ok=True)
        title = "" if self._file.exists() else "# Trials of long work\n"
        machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
        self._add(
            f"{title}\n## {clock.now():%Y-%m-%d %H:%M} UTC, commit {commit()}\n\n"
            f"`{self._command}` on {machine}\n\n"
            "| trial [point, time or seed] | result | seconds | figures |\n|---|---|---:|---|\n"
        )

    def _add(self, text: str) -> None:
        with self._file.open("a", encoding="utf-8") as out:
            out.write(text)


def commit() -> str:
    """The commit that is tried, with “and changes” when the checkout differs from it."""

    def git(*words: str) -> Any:
        return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)

    found = git("rev-parse", "--short", "HEAD").stdout.strip() or "unknown"
    return f"{found} and changes" if git("status", "--porcelain", "-uno").stdout.strip() else str(found)
