"""Writes to cycles: which routes are billed together."""

from collections.abc import Sequence

from billing.models import Cycle, CycleRoute, Run
from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import operation
from meters.models import Route

UNDER_WAY = ("open", "prepared", "reviewed", "approved")


@operation("billing.cycle.add", permission="billing.cycle.edit")
def add_cycle(by: Actor, *, code: str, name: str, route_ids: Sequence[int] = ()) -> int:
    """A new cycle with these routes, taken from the cycles that had them; returns its id."""
    code, name = _plain(code, "code"), _plain(name, "name")
    if Cycle.objects.filter(code=code).exists():
        raise Conflict(f"There is a cycle {code} already.", "Choose another code.", field="code")
    cycle = Cycle.objects.create(code=code, name=name)
    _assign(cycle, route_ids)
    return int(cycle.id)


@operation("billing.cycle.change", permission="billing.cycle.edit")
def change_cycle(by: Actor, *, cycle_id: int, code: str, name: str, route_ids: Sequence[int]) -> int:
    """Code, name and exactly these routes; returns the cycle's id.

    A route that another cycle has moves here; one that is left out belongs to no cycle.  Raises
    ``Conflict`` while a run of a cycle that would gain or lose a route is under way.
    """
    cycle = Cycle.objects.select_for_update().filter(id=cycle_id).first()
    if cycle is None:
        raise NotFound("There is no such cycle.", "Choose one from the list.")
    code, name = _plain(code, "code"), _plain(name, "name")
    if Cycle.objects.filter(code=code).exclude(id=cycle_id).exists():
        raise Conflict(f"There is a cycle {code} already.", "Choose another code.", field="code")
    cycle.code, cycle.name = code, name
    cycle.save(update_fields=["code", "name"])
    _assign(cycle, route_ids)
    return int(cycle.id)


def routes_without_cycle() -> list[Route]:
    """Routes that no run will ever bill."""
    return list(Route.objects.exclude(id__in=CycleRoute.objects.values("route")).order_by("code"))


def _assign(cycle: Cycle, route_ids: Sequence[int]) -> None:
    wanted = set(route_ids)
    known = set(Route.objects.filter(id__in=wanted).values_list("id", flat=True))
    if wanted - known:
        raise NotFound("There is no such route.", "Choose routes from the list.", field="route_ids")
    rows = CycleRoute.objects.select_for_update()
    held = {row.route_id: row for row in rows.filter(route__in=wanted)}
    lost = [row for row in rows.filter(cycle=cycle) if row.route_id not in wanted]
    moving = [row for row in held.values() if row.cycle_id != cycle.id]
    fresh = wanted - set(held)
    touched = {row.cycle_id for row in (*lost, *moving)}
    if lost or moving or fresh:
        _none_under_way(touched | {cycle.id})
    CycleRoute.objects.filter(id__in=[row.id for row in lost]).delete()
    CycleRoute.objects.filter(id__in=[row.id for row in moving]).update(cycle=cycle)
    CycleRoute.objects.bulk_create([CycleRoute(cycle=cycle, route_id=route) for route in sorted(fresh)])


def _none_under_way(cycles: set[int]) -> None:
    run = Run.objects.filter(cycle__in=cycles, state__in=UNDER_WAY).select_related("cycle").first()
    if run is not None:
        raise Conflict(
            f"Run {run.id} of cycle {run.cycle.code} is under way; its routes cannot change meanwhile.",
            "Post or cancel the run first.",
            field="route_ids",
        )


def _plain(typed: str, field: str) -> str:
    text = typed.strip()
    if not text:
        raise Refused(f"The {field} is missing.", "Type it in.", field=field)
    return text
