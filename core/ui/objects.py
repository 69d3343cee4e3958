"""Object pages: a lower app declares the frame, upper apps say what fills its slots.

``config.wiring`` has one tuple of ``Slot`` values; ``settings.OBJECT_SLOTS`` names it, so nothing here knows
who uses it.  The page is composed on the server, in one response; only the tab that is open is asked for.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from core.ui.parts import Alert, Fact, Panel, Tab, Verb

Kind = Literal["header", "alert", "tab", "verb"]
Provider = Callable[[HttpRequest, Any], Any]


@dataclass(frozen=True, slots=True)
class Slot:
    """What one app puts on another's page.

    ``page`` is the frame ("account", "meter").  The provider is called with the request and the object.
    It gives, by kind: ``header`` facts, ``alert`` alerts, ``verb`` verbs (each a sequence, or ``None``),
    ``tab`` a ``Panel``.  A tab also has a label and the key pressed after ``g``; its ``count`` is asked
    for at each view, so keep it cheap.  Slots are shown by ``order``, then name.  A ``permission`` the
    operator has not leaves the slot out.
    """

    page: str
    kind: Kind
    name: str
    order: int
    provider: Provider
    label: str = ""
    key: str = ""
    permission: str = ""
    count: Callable[[HttpRequest, Any], int | None] | None = None


@dataclass(frozen=True, slots=True)
class ObjectPage:
    """A composed page, ready for ``object.html``."""

    facts: list[Fact]
    alerts: list[Alert]
    verbs: list[Verb]
    tabs: list[Tab]
    tab: str
    panel: SafeString


class NoSuchTab(LookupError):
    """The address names a tab the page does not have; a view answers 404."""


def declared_slots() -> tuple[Slot, ...]:
    """All slots of the product, from the tuple that ``settings.OBJECT_SLOTS`` names."""
    place = getattr(settings, "OBJECT_SLOTS", "")
    slots: tuple[Slot, ...] = import_string(place) if place else ()
    return slots


def slots_of(page: str, request: HttpRequest, slots: Sequence[Slot] | None = None) -> list[Slot]:
    """The slots of a page that this operator may see, in order."""
    may = getattr(getattr(request, "actor", None), "may", None)
    allowed = (
        s
        for s in (declared_slots() if slots is None else slots)
        if s.page == page and (not s.permission or not callable(may) or may(s.permission))
    )
    return sorted(allowed, key=lambda s: (s.order, s.name))


def _gathered(slots: Sequence[Slot], kind: Kind, request: HttpRequest, subject: Any) -> list[Any]:
    found: list[Any] = []
    for slot in slots:
        if slot.kind == kind:
            found.extend(slot.provider(request, subject) or ())
    return found


def _tab(slot: Slot, request: HttpRequest, subject: Any, address: str) -> Tab:
    count = slot.count(request, subject) if slot.count else None
    return Tab(slot.name, slot.label, f"{address}?tab={slot.name}", slot.key, count)


def compose(
    page: str,
    request: HttpRequest,
    subject: Any,
    tab: str = "",
    address: str = "",
    slots: Sequence[Slot] | None = None,
) -> ObjectPage:
    """Everything the page shows of ``subject``: header, alerts, verbs, tabs and the open tab's panel.

    ``tab`` empty opens the first.  ``address`` is the object's own address and ends with a slash; a tab's is
    ``address?tab=name``.  ``slots`` is for tests; otherwise the declared ones are used.  Raises
    ``NoSuchTab``.
    """
    mine = slots_of(page, request, slots)
    tabs = [s for s in mine if s.kind == "tab"]
    chosen = next((s for s in tabs if s.name == tab), None) if tab else (tabs[0] if tabs else None)
    if tab and chosen is None:
        raise NoSuchTab(f"The {page} page has no tab “{tab}”.")
    panel = SafeString("")
    if chosen is not None:
        filled: Panel = chosen.provider(request, subject)
        panel = render_to_string(filled.template, {"subject": subject, **filled.context}, request=request)
    return ObjectPage(
        facts=_gathered(mine, "header", request, subject),
        alerts=_gathered(mine, "alert", request, subject),
        verbs=_gathered(mine, "verb", request, subject),
        tabs=[_tab(s, request, subject, address) for s in tabs],
        tab=chosen.name if chosen else "",
        panel=panel,
    )
