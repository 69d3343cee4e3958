"""Kinds of long work, as values: each app lists its own in ``<app>/jobs.py`` as ``JOB_KINDS``."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from django.conf import settings

from core.actors import Actor
from core.app_lists import gather
from core.errors import NotFound
from core.models import Job

Parts = Sequence[tuple[int, Mapping[str, Any]]]
# Among a part's params: it is begun when all the others are done, and never when one of them failed.
AFTER_THE_OTHERS = "after_the_others"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A part of a job, as the functions of its kind see it.

    ``params`` are the part's own, ``job_params`` the whole job's; ``size`` counts rows.  ``prepared`` is
    what the kind's ``prepare`` gave.  ``tell(n)`` shows that n rows of it are ready, while preparing;
    it raises ``LeaseLost`` once another worker has taken over.
    """

    job_id: int
    kind: str
    title: str
    number: int
    size: int
    params: Mapping[str, Any]
    job_params: Mapping[str, Any]
    by: Actor
    at: datetime
    tell: Callable[[int], None] = field(compare=False, repr=False, default=lambda ready: None)
    prepared: Any = None


@dataclass(frozen=True, slots=True)
class JobKind:
    """What a kind of work is called and which functions do it.

    ``noun`` is what progress counts ("accounts").  ``work(chunk)`` does one part inside one
    transaction that is already an operation: ``under_way``, ``emit`` and ``note`` answer, and nothing
    it writes remains unless the worker still holds the part's lease; it returns facts to keep (JSON).
    ``prepare(chunk)``, for what takes long to compute, runs before it without a transaction: it opens
    short ones itself to read, while the lease is renewed beside it; its result is ``chunk.prepared``.
    ``finish(job)`` runs once, after the last part, in the transaction that ends the job; keep it short.
    What takes long at the end, such as joining what the parts made, is a part of its own whose params
    have ``AFTER_THE_OTHERS: True``.
    ``plan(by, params, on)`` cuts a job into parts when a schedule starts it on a business date.
    ``lease_seconds``: so long may a worker be silent before another takes the part over; longer than
    the longest pause between two queries of ``work`` (``settings.WORK_LEASE_SECONDS`` unless the kind says).
    """

    code: str
    noun: str
    permission: str
    work: Callable[[Chunk], Mapping[str, Any] | None]
    finish: Callable[[Job], Mapping[str, Any] | None] | None = None
    prepare: Callable[[Chunk], Any] | None = None
    plan: Callable[[Actor, Mapping[str, Any], date], Parts] | None = None
    label: str = ""
    lease_seconds: int = field(default_factory=lambda: int(settings.WORK_LEASE_SECONDS))


@cache
def all_job_kinds() -> dict[str, JobKind]:
    """Every kind of every app, by code; two of one code are refused."""
    found: dict[str, JobKind] = {}
    for kind in gather("jobs", "JOB_KINDS"):
        if kind.code in found:
            raise RuntimeError(f"Two kinds of work are called “{kind.code}”.")
        found[kind.code] = kind
    return found


def job_kind(code: str) -> JobKind:
    """The kind of a code; raises ``NotFound``."""
    kind = all_job_kinds().get(code)
    if kind is None:
        raise NotFound(
            f"There is no kind of work “{code}” in this version.",
            "If the job was started by a newer version, bring the worker up to date; otherwise cancel it.",
        )
    return kind
