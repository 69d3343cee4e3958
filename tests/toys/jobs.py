"""Kinds of work whose every effect can be counted afterwards."""

import os
import time
from collections.abc import Mapping
from datetime import date
from typing import Any

from core.actors import Actor
from core.counters import take_block
from core.errors import Refused
from core.models import Counter, Job, PolicyValue
from core.operations import emit, note, operation, under_way
from core.work.jobs import start_job
from core.work.kinds import Chunk, JobKind, Parts
from core.work.outbox import Consumer, Event

RIGHT = "core.policy.set"


def _write(code: str, what: Any) -> None:
    under = under_way()
    PolicyValue.objects.create(code=code, starts=under.at, value=what, made_at=under.at, made_by=under.by.ref)


def number_rows(chunk: Chunk) -> dict[str, Any]:
    """A row for each of the part's, with a number from a series without gaps."""
    if chunk.prepared is None:
        time.sleep(chunk.params.get("slow", 0))
    first = take_block("toy", chunk.size)
    for offset in range(chunk.size):
        _write("toy.row", {"number": first + offset, "part": chunk.number, "prepared": chunk.prepared})
    emit("toy.numbered", part=chunk.number)
    note(first=first)
    return {"first": first}


def slow_preparation(chunk: Chunk) -> str:
    for ready in range(chunk.size):
        time.sleep(chunk.params.get("slow", 0) / chunk.size)
        chunk.tell(ready)
    return f"by {os.getpid()}"


def refuse_the_second(chunk: Chunk) -> None:
    if chunk.number == 2 and not Counter.objects.filter(series="toy.mended").exists():
        raise Refused("Part 2 cannot be done.", "Mend it.")
    _write("toy.row", {"number": take_block("toy", 1), "part": chunk.number})


def fall_over(chunk: Chunk) -> None:
    raise ZeroDivisionError("nothing to divide by")


def tell_the_end(job: Job) -> dict[str, Any]:
    _write("toy.end", job.id)
    return {"told": True}


def three_parts(by: Actor, params: Mapping[str, Any], on: date) -> Parts:
    if params.get("unset"):
        raise Refused("A threshold is not set.", "Set it under Policies.")
    return [(2, {}), (2, {}), (2, {})]


def answer(by: Actor, event: Event) -> None:
    if Counter.objects.filter(series="toy.deaf").exists():
        raise Refused("Nobody listens.")
    _write("toy.answer", event.payload["part"])


@operation("toy.start", permission=RIGHT)
def start(by: Actor, *, kind: str = "toy.number", parts: int = 4, rows: int = 3, slow: float = 0) -> int:
    """Start a job of so many parts and rows; ``slow`` is seconds a part."""
    return start_job(by, kind, f"Trial of {parts} parts", {}, [(rows, {"slow": slow})] * parts)


JOB_KINDS = (
    JobKind("toy.number", "rows", RIGHT, number_rows, tell_the_end, plan=three_parts, lease_seconds=3),
    JobKind("toy.prepared", "rows", RIGHT, number_rows, tell_the_end, slow_preparation, lease_seconds=3),
    JobKind("toy.refuse", "rows", RIGHT, refuse_the_second, tell_the_end),
    JobKind("toy.fall", "rows", RIGHT, fall_over),
)
CONSUMERS = {"toy.numbered": (Consumer("toy.answer", answer),)}
