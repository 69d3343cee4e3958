"""What is asked of containers: where each stands and stood, and whose place that is."""

from datetime import date
from typing import Any

from django.db.models import CharField, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat, Trim

from customers.models import Account
from meters.models import Container, Placing

_ADDRESS = Trim(
    Concat(
        F("location__street_number"), Value(" "), F("location__street_name"), Value(" "),
        F("location__unit_label"), output_field=CharField(),
    )
)  # fmt: skip


def containers(today: date) -> QuerySet[Any]:
    """Containers with where each stands (``place``, ``place_code``, ``route_code``, ``sequence``), where it
    stood before (``previous_place``, ``previous_route``, ``previous_sequence``) and the account there today
    (``account_number``, ``customer_name``)."""
    now = Placing.objects.filter(container=OuterRef("pk"), ends=None)
    before = Placing.objects.filter(container=OuterRef("pk"), ends__isnull=False).order_by("-ends", "-id")
    here = Account.objects.filter(
        Q(ends=None) | Q(ends__gt=today), location=OuterRef("place_id"), starts__lte=today
    ).order_by("-starts", "-id")
    return Container.objects.annotate(
        place_id=Subquery(now.values("location")[:1]),
        place=Subquery(now.annotate(a=_ADDRESS).values("a")[:1]),
        place_code=Subquery(now.values("location__code")[:1]),
        route_code=Subquery(now.values("route__code")[:1]),
        sequence=Subquery(now.values("sequence")[:1]),
        previous_place=Subquery(before.annotate(a=_ADDRESS).values("a")[:1]),
        previous_route=Subquery(before.values("route__code")[:1]),
        previous_sequence=Subquery(before.values("sequence")[:1]),
    ).annotate(
        account_number=Subquery(here.values("number")[:1]),
        customer_name=Subquery(here.values("customer__name")[:1]),
    )


def placings_of(container_id: int) -> list[Placing]:
    """Where a container stands and stood, the present first."""
    rows = Placing.objects.filter(container=container_id).select_related("location", "route")
    return list(rows.order_by("-starts", "-id"))


def standing_at(location_id: int, today: date) -> QuerySet[Any]:
    """The containers at a location, by serial."""
    return containers(today).filter(place_id=location_id).order_by("serial")
