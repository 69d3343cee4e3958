"""Writes to containers: received, changed, moved to another place, collected, serviced."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import operation
from core.search import refresh_keys
from core.seen import check
from core.texts import Text, kept_texts
from meters.models import Container, Location, Placing, Route

CONTAINER_TEXTS = (
    Text("serial", "Serial", 30, needed=True, help="As it stands on the container."),
    Text("kind", "Type", 12, needed=True, codes="container"),
)
MOST_SEQUENCE = 999_999


@operation("meters.container.add", permission="meters.edit")
def add_container(
    by: Actor,
    *,
    texts: Mapping[str, str],
    owner: str,
    received_on: date,
    location_id: int,
    today: date,
    route_id: int | None = None,
    sequence: int | None = None,
) -> int:
    """A container received and placed at a location on that day; returns its id.

    ``route_id`` and ``sequence`` are its place on the collector's walk.  Raises ``Conflict`` for a serial
    that is taken, ``Refused`` at the field that cannot be.
    """
    made = Container(received_on=received_on, updated_on=today)
    _put(made, {"serial": "", "kind": "", **texts}, owner)
    _place(made, location_id, received_on, route_id, sequence)
    refresh_keys("container", [made.id])
    return int(made.id)


@operation("meters.container.change", permission="meters.edit", quiet=frozenset({"seen"}))
def change_container(
    by: Actor,
    *,
    container_id: int,
    today: date,
    texts: Mapping[str, str] | None = None,
    owner: str = "",
    received_on: date | None = None,
    seen: str = "",
) -> int:
    """What is said of a container is something else; what is not named stays.  Returns its id.

    ``seen`` is the mark of what was shown (``core.seen``); raises ``Stale`` when somebody changed it since.
    """
    found = _locked(container_id)
    check(seen, found, shown_values(found))
    if received_on is not None:
        first = Placing.objects.filter(container=found).order_by("starts").first()
        if first is not None and received_on > first.starts:
            raise Refused(
                f"It stood somewhere on {first.starts:%b %-d, %Y} already.", "Choose an earlier day.",
                field="received_on",
            )  # fmt: skip
        found.received_on = received_on
    found.updated_on = today
    _put(found, texts or {}, owner or found.owner)
    refresh_keys("container", [found.id])
    return int(found.id)


def shown_values(container: Container) -> dict[str, Any]:
    """What the form of a container shows, by its fields."""
    return {name: getattr(container, name) for name in ("serial", "kind", "owner", "received_on")}


@operation("meters.container.move", permission="meters.edit")
def move_container(
    by: Actor,
    *,
    container_id: int,
    on: date,
    today: date,
    location_id: int | None = None,
    route_id: int | None = None,
    sequence: int | None = None,
) -> int:
    """Put it at another location from that day on; without one it is collected.  Returns its id.

    Raises ``Conflict`` for a day on or before it came to where it is.
    """
    found = _locked(container_id)
    now = Placing.objects.filter(container=found, ends=None).first()
    last = Placing.objects.filter(container=found).order_by("-starts").first()
    if now is None and location_id is None:
        raise Conflict(
            "It stands nowhere already.", "Choose a location to bring it out again.", field="location"
        )
    begun = now.starts if now else last.ends if last else None
    if begun is not None and (on <= begun if now else on < begun):
        raise Conflict(f"It was moved on {begun:%b %-d, %Y}.", "Choose a later day.", field="on")
    if on > today:
        raise Refused("That day is still to come.", "Choose the day on which it was moved.", field="on")
    if now is not None:
        now.ends = on
        now.save(update_fields=["ends"])
    if location_id is not None:
        _place(found, location_id, on, route_id, sequence)
    found.updated_on = today
    found.save(update_fields=["updated_on"])
    return int(found.id)


@operation("meters.container.service", permission="meters.edit")
def service_container(by: Actor, *, container_id: int, on: date, today: date) -> int:
    """It was serviced on that day: one more in its count.  Returns its id."""
    found = _locked(container_id)
    if on < found.received_on:
        raise Refused("It was not here yet on that day.", "Choose a later day.", field="on")
    if on > today:
        raise Refused("That day is still to come.", "Choose the day on which it was serviced.", field="on")
    found.last_serviced_on = max(on, found.last_serviced_on or on)
    found.service_count += 1
    found.updated_on = today
    found.save(update_fields=["last_serviced_on", "service_count", "updated_on"])
    return int(found.id)


def _locked(container_id: int) -> Container:
    found = Container.objects.select_for_update().filter(id=container_id).first()
    if found is None:
        raise NotFound("There is no such container.", "Find it by its serial.")
    return found


def _put(container: Container, texts: Mapping[str, str], owner: str) -> None:
    before = {"serial": container.serial, "kind": container.kind}
    for name, text in kept_texts(CONTAINER_TEXTS, texts, before).items():
        setattr(container, name, text)
    if owner not in Container.Owner.values:
        raise Refused(f"“{owner}” owns no container.", "Choose own, rent or municipal.", field="owner")
    if Container.objects.filter(serial=container.serial).exclude(id=container.id).exists():
        raise Conflict(
            f"There is a container {container.serial} already.", "Type another serial.", field="serial"
        )
    container.owner = owner
    container.save()


def _place(
    container: Container, location_id: int, on: date, route_id: int | None, sequence: int | None
) -> None:
    if not Location.objects.filter(id=location_id).exists():
        raise NotFound("There is no such location.", "Find it by its address.", field="location")
    if route_id is not None and not Route.objects.filter(id=route_id).exists():
        raise NotFound("There is no such route.", "Choose one from the list.", field="route")
    if sequence is not None and not 0 <= sequence <= MOST_SEQUENCE:
        raise Refused(
            "That is no place on a route.", f"Type a number from 0 to {MOST_SEQUENCE:,}.", field="sequence"
        )
    Placing.objects.create(
        container=container, location_id=location_id, route_id=route_id, sequence=sequence, starts=on
    )
