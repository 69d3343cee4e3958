"""Fields of the API's bodies: money, quantities, days, ids and documents."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

_FIRST_YEAR, _LAST_YEAR = 1900, 2199
_HIGHEST_ID = 2**63 - 1


@extend_schema_field(
    {"type": "string", "format": "decimal", "pattern": r"^-?\d+\.\d{2}$", "example": "-12.50"}
)
class Money(serializers.Field[Any, Any, str, Any]):
    """Dollars as text with two decimals, as kept; only read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        """``1234.50``; a credit is below zero."""
        return format(Decimal(value), ".2f")


class Paid(serializers.DecimalField):
    """Dollars above zero as they are sent: text with at most two decimals, never a number.

    A JSON number would come as a binary fraction, in which most cents do not exist.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_digits=10, decimal_places=2, min_value=Decimal("0.01"), **kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        """The amount; raises ``ValidationError`` for what is not text."""
        if not isinstance(data, str):
            raise serializers.ValidationError("Send the amount as text, such as “12.50”.", code="not_text")
        return super().to_internal_value(data)


@extend_schema_field({"type": "string", "format": "decimal", "example": "7.5"})
class Quantity(serializers.Field[Any, Any, str, Any]):
    """An exact number as text without empty decimals; only read."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: Any) -> str:
        """``7.5``, ``1200``."""
        return format(Decimal(value).normalize(), "f")


class Day(serializers.DateField):
    """A day such as ``2026-09-01``, within the years that bills are made for."""

    def to_internal_value(self, value: Any) -> date:
        """The day; raises ``ValidationError`` for one outside 1900 to 2199."""
        day = super().to_internal_value(value)
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise serializers.ValidationError(
                f"{day} is not a day between {_FIRST_YEAR} and {_LAST_YEAR}.", code="far_off"
            )
        return day


class Id(serializers.IntegerField):
    """The id of a row, as another answer gave it."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=_HIGHEST_ID, **kwargs)


@extend_schema_field(OpenApiTypes.OBJECT)
class Document(serializers.JSONField):
    """A JSON object whose texts the database can keep."""

    def to_internal_value(self, data: Any) -> Any:
        """The object; raises ``ValidationError`` for anything else, or for a text that cannot be kept."""
        if not isinstance(data, dict):
            raise serializers.ValidationError("This is not an object. Send { … }.", code="no_object")
        try:
            text = json.dumps(data, ensure_ascii=False, allow_nan=False)
            text.encode()
        except ValueError as problem:
            raise serializers.ValidationError(
                "A number or a character in it cannot be kept. Take it out.", code="not_kept"
            ) from problem
        if "\\u0000" in text:
            raise serializers.ValidationError("It has a null character. Take it out.", code="not_kept")
        return super().to_internal_value(data)
