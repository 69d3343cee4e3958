"""The pieces a view hands to a page, as values: verbs, alerts, steps, facts, entries of a timeline.

Templates take these or plain dictionaries with the same keys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from core.ui.statuses import Tone


@dataclass(frozen=True, slots=True)
class Verb:
    """Something that can be done: a link, or a button that posts when ``post`` is set.

    ``key`` is pressed to do it and shown on the button.  ``why_not`` leaves the button there, unusable, and
    says why.
    """

    label: str
    url: str
    icon: str = ""
    key: str = ""
    main: bool = False
    danger: bool = False
    post: bool = False
    why_not: str = ""


@dataclass(frozen=True, slots=True)
class Alert:
    """What must be known before anything is done.  ``pulse`` draws the eye three times, then stays solid."""

    title: str
    text: str = ""
    icon: str = "alert-triangle"
    tone: Tone = "warn"
    url: str = ""
    pulse: bool = False


@dataclass(frozen=True, slots=True)
class SealedAt:
    """Where a number lies of which a fact shows the end; ``key`` is pressed to reveal it."""

    column: str
    ref: int
    key: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A figure or word of a header or a list of facts; an ``amount`` is shown as money.

    ``sealed`` says where the whole of a masked number lies, for those who may reveal it.
    """

    label: str
    value: Any = ""
    amount: Decimal | None = None
    note: str = ""
    url: str = ""
    total: bool = False
    sealed: SealedAt | None = None


@dataclass(frozen=True, slots=True)
class Blocker:
    """What keeps a step from being done, and the page where it is settled."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a checklist: ``state`` is a code of ``core.ui.statuses``."""

    name: str
    state: str
    text: str = ""
    who: str = ""
    at: datetime | None = None
    facts: Sequence[Fact] = ()
    blockers: Sequence[Blocker] = ()
    verbs: Sequence[Verb] = ()
    current: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """Something that happened, for a timeline."""

    title: str
    at: datetime
    text: str = ""
    who: str = ""
    icon: str = "circle"
    tone: Tone = "quiet"
    url: str = ""


@dataclass(frozen=True, slots=True)
class Empty:
    """What a page says when it has nothing: what it is for, and the first thing to do."""

    title: str
    text: str
    icon: str = "inbox"
    verb: Verb | None = None


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: ``key`` is pressed after ``g``."""

    name: str
    label: str
    url: str
    key: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """What fills a tab: a template and its context."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
