"""Where a request names something of a utility by its id: read from the API's description, none left out."""

from collections.abc import Iterator
from typing import Any

from tests.world.bodies import Facts

Place = tuple[str, ...]
"""The way to a field of a body; ``*`` is every element of a list."""

_HIGHEST_ID = 2**63 - 1

CALLED = {
    "service_point_id": "point_id",
    "location_ids": "location_id",
    "to_route": "route_id",
}
"""What bodies call otherwise than addresses do, by the fact that is meant."""


def id_places(description: dict[str, Any], operation: dict[str, Any]) -> list[Place]:
    """The fields of an operation's body that hold an id."""
    content = operation.get("requestBody", {}).get("content", {})
    return sorted({place for kind in content.values() for place in _ids(description, kind["schema"], ())})


def id_filters(operation: dict[str, Any], facts: Facts) -> dict[str, int]:
    """The parameters of the query that hold an id, each with one of a town."""
    found = {}
    for parameter in operation.get("parameters", ()):
        name = parameter["name"]
        fact = next((one for one in (name, f"{name}_id") if one.endswith("_id") and one in facts), None)
        if parameter["in"] == "query" and parameter["schema"].get("type") == "integer" and fact:
            found[name] = int(facts[fact])
    return found


def _ids(description: dict[str, Any], schema: dict[str, Any], place: Place) -> Iterator[Place]:
    if "$ref" in schema:
        schema = description["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for part in schema.get("allOf", ()):
        yield from _ids(description, part, place)
    for name, inner in schema.get("properties", {}).items():
        yield from _ids(description, inner, (*place, name))
    if schema.get("type") == "array":
        yield from _ids(description, schema["items"], (*place, "*"))
    if schema.get("type") == "integer" and schema.get("maximum") == _HIGHEST_ID:
        yield place


def fact_of(place: Place, facts: Facts) -> int:
    """What of a town may stand at that place; raises ``LookupError`` naming it where nobody has said so."""
    name = [part for part in place if part != "*"][-1]
    fact = CALLED.get(name, name)
    if fact not in facts:
        raise LookupError(f"Say in tests/world/api_ids.py which fact “{'.'.join(place)}” is.")
    return int(facts[fact])


def with_id(body: Any, place: Place, value: int) -> Any:
    """The body with the id at that place; ``None`` where the body has nothing on the way to it."""
    if not place:
        return value
    if place[0] == "*":
        if not isinstance(body, list) or not body:
            return [value] if place == ("*",) else None
        inner = with_id(body[0], place[1:], value)
        return None if inner is None else [inner, *body[1:]]
    if not isinstance(body, dict):
        return None
    inner = with_id(body.get(place[0]), place[1:], value)
    return None if inner is None else {**body, place[0]: inner}
