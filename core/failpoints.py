"""Places where a trial may kill or stop the program; in ordinary use they do nothing.

``CURBSTOP_FAIL_AT="job.claimed:3:kill"`` kills this process with SIGKILL at the third time the point is
reached; ``stop`` freezes it with SIGSTOP, after which it may be woken with SIGCONT; ``raise`` raises
``Failed``.  Without a number it is the first time, without a word it is ``kill``.
"""

import os
import signal
from dataclasses import dataclass
from functools import cache

_VARIABLE = "CURBSTOP_FAIL_AT"
_times: dict[str, int] = {}


class Failed(RuntimeError):
    """A trial asked for a failure here."""


@dataclass(frozen=True, slots=True)
class FailAt:
    """What a trial asked for."""

    name: str
    time: int
    way: str


def parse(text: str) -> FailAt | None:
    """The wish in ``name[:n][:kill|stop|raise]``; raises ``ValueError`` for anything else."""
    name, *rest = text.strip().split(":")
    if not name:
        return None
    time, way = 1, "kill"
    for part in rest:
        if part.isdigit() and int(part) > 0:
            time = int(part)
        elif part in ("kill", "stop", "raise"):
            way = part
        else:
            raise ValueError(f"{_VARIABLE}: “{part}” is neither a number from 1 nor kill, stop or raise.")
    return FailAt(name, time, way)


@cache
def _wished() -> FailAt | None:
    return parse(os.environ.get(_VARIABLE, ""))


def reached(name: str) -> None:
    """Say that the program is at a point; only a trial makes anything of it."""
    wish = _wished()
    if wish is None or wish.name != name:
        return
    _times[name] = _times.get(name, 0) + 1
    if _times[name] != wish.time:
        return
    if wish.way == "raise":
        raise Failed(f"Asked to fail at “{name}”.")
    os.kill(os.getpid(), signal.SIGKILL if wish.way == "kill" else signal.SIGSTOP)
