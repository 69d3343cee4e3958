"""Form fields of the screens."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.money import parse_amount


class AmountInput(forms.TextInput):
    """A text field with the decimal keypad; no wheel, no arrows, all selected on focus."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        first = {"inputmode": "decimal", "autocomplete": "off", "data-amount": "", "class": "amount-input"}
        super().__init__({**first, **(attrs or {})})

    def format_value(self, value: Any) -> str | None:
        """A ``Decimal`` with grouping and two places; what a person typed stays as typed."""
        return f"{value:,.2f}" if isinstance(value, Decimal) else super().format_value(value)


class AmountField(forms.Field):
    """An amount as clerks type it (``12``, ``12.5``, ``1,234.56``), cleaned to a ``Decimal`` of two places.

    It never rounds what was typed.  ``least`` and ``most`` are inclusive.
    """

    widget = AmountInput

    def __init__(self, *, least: Decimal | None = None, most: Decimal | None = None, **options: Any) -> None:
        self.least, self.most = least, most
        super().__init__(**options)

    def to_python(self, value: Any) -> Decimal | None:
        """The amount, ``None`` for an empty field; raises ``ValidationError`` with what to type instead."""
        if value in self.empty_values:
            return None
        if isinstance(value, Decimal):
            return value
        try:
            return parse_amount(str(value))
        except ValueError as problem:
            raise ValidationError(str(problem), code="invalid") from problem

    def validate(self, value: Decimal | None) -> None:
        """Hold the amount to its limits, naming the limit."""
        super().validate(value)
        if value is None:
            return
        if self.least is not None and value < self.least:
            raise ValidationError(f"Type an amount of at least {self.least:,.2f}.", code="least")
        if self.most is not None and value > self.most:
            raise ValidationError(f"Type an amount of at most {self.most:,.2f}.", code="most")


class EitherSelect(forms.Select):
    """For a filter by yes or no: both, yes, no, in the words given."""

    def __init__(self, both: str = "Either", yes: str = "Yes", no: str = "No") -> None:
        super().__init__(choices=(("", both), ("true", yes), ("false", no)))


class DayField(forms.DateField):
    """A day within the times that a utility reckons with, so that adding a month to it never fails."""

    FIRST, LAST = date(1900, 1, 1), date(2199, 12, 31)

    def validate(self, value: date | None) -> None:
        """Refuse a year that was mistyped."""
        super().validate(value)
        if value is not None and not self.FIRST <= value <= self.LAST:
            raise ValidationError("Look at the year: that day is too far off.", code="far_off")


class DayInput(forms.DateInput):
    """The browser's own day picker, filled in the form it needs."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")
