"""What the shell shows on every page, whoever is looking."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

from core import clock


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation: ``key`` is pressed after ``g``, ``path`` is where its pages begin."""

    name: str
    path: str
    icon: str
    key: str
    group: str = ""
    permission: str = ""


# The letters keep clear of those an account page uses for its tabs (o t b u m s p d l w n f y).
PLACES: tuple[Place, ...] = (
    Place("Home", "/", "home", "h"),
    Place("Accounts", "/accounts/", "users", "a", permission="customers.view"),
    Place("Counter", "/counter/", "cash-register", "c", permission="payments.post"),
    Place("Drawers", "/drawers/", "cash", "g", permission="payments.view"),
    Place("Readings", "/readings/", "gauge", "r", "Billing", "readings.view"),
    Place("Work orders", "/orders/", "droplet", ".", permission="meters.work_order.view"),
    Place("Runs", "/runs/", "player-play", "x", "Billing", "billing.run.view"),
    Place("Bills", "/bills/", "file-text", "v", "Billing", "bills.view"),
    Place("Rates", "/rates/", "receipt-tax", "z", "Billing", "rates.view"),
    Place("Imports", "/imports/", "file-import", "i", "Office", "interchange.view"),
    Place("Reports", "/reports/", "report-analytics", "e", "Office", "reports.view"),
    Place("Jobs", "/jobs/", "list-check", "j", "Office", "core.job.view"),
    Place("Settings", "/settings/", "tool", ",", "Set-up"),
    Place("Policies", "/policies/", "adjustments", "k", "Set-up", "core.policy.view"),
    Place("Audit", "/audit/", "shield-check", "q", "Set-up", "core.audit.view"),
)


@dataclass(frozen=True, slots=True)
class ShownPlace:
    """A place as the navigation shows it to this operator on this page."""

    place: Place
    current: bool
    count: int | None


def _groups(request: HttpRequest) -> list[tuple[str, list[ShownPlace]]]:
    allowed = getattr(getattr(request, "actor", None), "may", None)
    counts: dict[str, int] = getattr(request, "waiting", {})
    groups: dict[str, list[ShownPlace]] = {}
    for place in PLACES:
        if place.permission and callable(allowed) and not allowed(place.permission):
            continue
        here = request.path == place.path if place.path == "/" else request.path.startswith(place.path)
        shown = ShownPlace(place, here, counts.get(place.name))
        groups.setdefault(place.group, []).append(shown)
    return list(groups.items())


def _path(*names: str) -> str:
    """The first of these routes that exists; empty when none does, as on a bare error page."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return ""


def _drawer(request: HttpRequest) -> Any:
    """The drawer that the operator has open, asked of the app that ``settings.OPEN_DRAWER`` names."""
    actor, place = getattr(request, "actor", None), getattr(settings, "OPEN_DRAWER", "")
    if actor is None or not place or getattr(request, "utility", None) is None:
        return None
    return import_string(place)(actor)


def shell(request: HttpRequest) -> dict[str, Any]:
    """Utility, operator, open drawer, navigation and this moment, for ``templates/shell.html``.

    Reads ``request.utility`` (name, slug, is_training, tz), ``request.actor`` (name, ``may(permission)``)
    and ``request.waiting`` (place name to count).  Each may be missing, as on the sign-in page.
    ``session_seconds`` is only told to a signed-in operator.  A page is put together from several templates,
    each of which asks: it is found out once a request.
    """
    known: dict[str, Any] | None = getattr(request, "_shell", None)
    if known is None or known["for"] is not getattr(request, "actor", None):
        known = {"for": getattr(request, "actor", None), "shell": _shell(request)}
        request._shell = known  # type: ignore[attr-defined]  # this request's own note
    return {"shell": known["shell"]}


def _shell(request: HttpRequest) -> dict[str, Any]:
    utility = getattr(request, "utility", None)
    actor = getattr(request, "actor", None)
    session = getattr(request, "session", None)
    signed_in = actor is not None and session is not None
    return {
        "utility": utility,
        "operator": getattr(actor, "name", "") if actor is not None else "",
        "drawer": SimpleLazyObject(lambda: _drawer(request)),
        "groups": _groups(request) if actor is not None else [],
        "search_url": _path("search") or "/search/",
        "sign_out_url": _path("account_logout"),
        "lock_url": _path("core:lock"),
        "password_url": _path("account_change_password"),
        "two_step_url": _path("mfa_index"),
        "session_stay_url": _path("session_stay"),
        "session_seconds": session.get_expiry_age() if signed_in and session is not None else 0,
        "now": clock.now(),
    }
