"""Writes to routes: what a reader walks, and what cycles are made of."""

from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import operation
from core.search import refresh_keys
from meters.models import Location, Route


@operation("meters.route.add", permission="meters.edit")
def add_route(by: Actor, *, code: str, name: str) -> int:
    """A new route without locations; returns its id.  Raises ``Conflict`` for a code that is taken."""
    code, name = _plain(code, "code"), _plain(name, "name")
    if Route.objects.filter(code=code).exists():
        raise Conflict(f"There is a route {code} already.", "Choose another code.", field="code")
    return int(Route.objects.create(code=code, name=name).id)


@operation("meters.route.change", permission="meters.edit")
def change_route(by: Actor, *, route_id: int, code: str, name: str) -> int:
    """Another code or name; returns the route's id.  What is found by its code follows."""
    route = Route.objects.select_for_update().filter(id=route_id).first()
    if route is None:
        raise NotFound("There is no such route.", "Choose one from the list.")
    code, name = _plain(code, "code"), _plain(name, "name")
    if Route.objects.filter(code=code).exclude(id=route_id).exists():
        raise Conflict(f"There is a route {code} already.", "Choose another code.", field="code")
    moved = route.code != code
    route.code, route.name = code, name
    route.save(update_fields=["code", "name"])
    if moved:
        refresh_keys("location", Location.objects.filter(route=route).values_list("id", flat=True))
    return int(route.id)


def _plain(typed: str, field: str) -> str:
    text = typed.strip()
    if not text:
        raise Refused(f"The {field} is missing.", "Type it in.", field=field)
    return text
