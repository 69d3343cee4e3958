"""Home: what needs this operator today, told by each app.

An app lists its parts in ``<app>/home.py`` as ``HOME``; a part whose right the operator has not is not asked.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from django.core.cache import cache

from core.actors import Actor
from core.app_lists import gather
from core.models import AuditEntry, Job
from core.permissions import all_permissions
from core.tenancy import current_utility_id
from core.ui.parts import Entry
from core.ui.statuses import Tone
from core.work.queries import rows_done


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure that leads to the page where it is dealt with; ``tone`` colours its icon when it matters."""

    label: str
    value: str | int = ""
    amount: Decimal | None = None
    note: str = ""
    url: str = ""
    icon: str = ""
    tone: Tone | str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something that waits for a person; ``at`` is since when."""

    what: str
    detail: str
    state: str
    at: datetime | None
    url: str


@dataclass(frozen=True, slots=True)
class UnderWay:
    """Long work at the moment: ``done`` of ``total``."""

    title: str
    state: str
    done: int
    total: int
    url: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A small chart: ready SVG, and what it says in a line below it."""

    title: str
    svg: str
    note: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What one part has to say; any of it may be nothing."""

    tiles: Sequence[Tile] = ()
    waiting: Sequence[Waiting] = ()
    under_way: Sequence[UnderWay] = ()
    pictures: Sequence[Picture] = ()
    entries: Sequence[Entry] = ()


@dataclass(frozen=True, slots=True)
class HomePart:
    """One app's part.  ``tell`` takes the operator, the utility's day and the moment, in few queries."""

    name: str
    order: int
    permission: str
    tell: Callable[[Actor, date, datetime], Told]


@dataclass(slots=True)
class Home:
    """The parts put together, in their order; what waits longest stands first."""

    tiles: list[Tile] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    under_way: list[UnderWay] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)


R = TypeVar("R")
REMEMBERED = 60


def remembered(name: str, on: date, make: Callable[[], R]) -> R:
    """What ``make`` gives, kept for a minute for everybody of the utility in scope.

    For sums over everything, which home asks at each visit: a minute old is today's figure still.
    """
    key = f"home:{current_utility_id()}:{name}:{on}"
    kept = cache.get(key)
    if kept is None:
        kept = (make(),)
        cache.set(key, kept, REMEMBERED)
    found: R = kept[0]
    return found


def home_of(actor: Actor, today: date, now: datetime) -> Home:
    """What needs this operator on this day."""
    home = Home()
    parts: list[HomePart] = sorted(gather("home", "HOME"), key=lambda p: (p.order, p.name))
    for part in parts:
        if part.permission and not actor.may(part.permission):
            continue
        told = part.tell(actor, today, now)
        home.tiles += told.tiles
        home.waiting += told.waiting
        home.under_way += told.under_way
        home.pictures += told.pictures
        home.entries += told.entries
    home.waiting.sort(key=lambda w: (w.at is None, w.at or now))
    home.entries.sort(key=lambda e: e.at, reverse=True)
    return home


def _jobs(actor: Actor, today: date, now: datetime) -> Told:
    """Jobs at work or waiting for a worker, and those that failed."""
    jobs = list(Job.objects.filter(state__in=("ready", "running", "failed")).order_by("-id")[:30])
    busy = [j for j in jobs if j.state != Job.State.FAILED]
    failed = [j for j in jobs if j.state == Job.State.FAILED]
    done = rows_done(busy) if busy else {}
    return Told(
        tiles=[
            Tile(
                "Jobs under way",
                len(busy),
                note=f"{len(failed)} failed" if failed else "none failed",
                url="/jobs/?state=failed" if failed else "/jobs/",
                icon="list-check",
                tone="bad" if failed else "",
            )
        ],
        waiting=[
            Waiting(
                j.title,
                j.problem.splitlines()[0][:120] if j.problem else "",
                j.state,
                j.ended_at,
                f"/jobs/{j.id}/",
            )
            for j in failed
        ],
        under_way=[
            UnderWay(j.title, j.state, done.get(j.id, 0), j.total, f"/jobs/{j.id}/") for j in busy[:6]
        ],
    )


def _lately(actor: Actor, today: date, now: datetime) -> Told:
    """What was done last, in the words of its right."""
    rights = all_permissions()
    # Parts of jobs are told by what began the job.
    inner = ["core.job.end", *(kind.code for kind in gather("jobs", "JOB_KINDS"))]
    entries = [
        Entry(
            rights[e.operation].label if e.operation in rights else _words(e.operation),
            e.at,
            who=e.actor_name,
            icon="history",
        )
        for e in AuditEntry.objects.exclude(operation__in=inner).order_by("-number")[:8]
    ]
    return Told(entries=entries)


def _words(operation: str) -> str:
    """An operation's code as words: ``core.policy.set`` is “Policy set”."""
    return " ".join(operation.split(".")[1:] or [operation]).replace("_", " ").capitalize()


HOME = (
    HomePart("jobs", 60, "core.job.view", _jobs),
    HomePart("lately", 90, "core.audit.view", _lately),
)
