"""What is asked of landlords, companies and who has which location."""

from datetime import date
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from customers.models import Holding, Landlord, ManagementCompany


def _counted(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(n=Count("id")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def landlords() -> QuerySet[Landlord]:
    """Landlords with company and ``locations``, how many they have at present."""
    return Landlord.objects.select_related("company", "customer").annotate(
        locations=_counted(Holding.objects.filter(ends=None), "landlord")
    )


def companies() -> QuerySet[ManagementCompany]:
    """Companies with ``landlords``, how many they manage for."""
    return ManagementCompany.objects.annotate(landlords=_counted(Landlord.objects.all(), "company"))


def holdings() -> QuerySet[Holding]:
    """Who has which location, with landlord and location."""
    return Holding.objects.select_related("landlord", "location")


def holding_on(location_id: int, day: date) -> Holding | None:
    """The landlord's hold on a location on a day; none where nobody has it."""
    held = holdings().filter(Q(ends=None) | Q(ends__gt=day), location=location_id, starts__lte=day)
    return held.select_related("landlord__company").first()


def having_words(rows: QuerySet[Any], typed: str, *fields: str) -> QuerySet[Any]:
    """The rows where each word typed occurs in one of the fields."""
    for word in typed.split():
        either = Q()
        for field in fields:
            either |= Q(**{f"{field}__icontains": word})
        rows = rows.filter(either)
    return rows


def find_companies(typed: str, limit: int = 12) -> list[ManagementCompany]:
    """Companies by number, or by every word of the name."""
    return _found(ManagementCompany, typed, limit)


def find_landlords(typed: str, limit: int = 12) -> list[Landlord]:
    """Landlords by number, or by every word of the name."""
    return _found(Landlord, typed, limit)


def _found(model: Any, typed: str, limit: int) -> list[Any]:
    text = typed.strip()
    if not text:
        return []
    exact = list(model.objects.filter(number=text))
    return exact or list(having_words(model.objects.all(), text, "name").order_by("name", "id")[:limit])
