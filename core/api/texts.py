"""Fields of the API made from the texts of a file: the same names and the same lengths as on screen."""

from collections.abc import Iterable
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from core.texts import Text


class TextsSerializer(serializers.Serializer[Any]):
    """A body of texts, of which those not named stay as they are.

    A subclass says ``texts``, and the names in ``needed`` that must be there.  A field that is not known is
    refused by name.
    """

    texts: ClassVar[tuple[Text, ...]] = ()
    needed: ClassVar[frozenset[str]] = frozenset()

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """One field a text, besides those that are declared."""
        made: dict[str, serializers.Field[Any, Any, Any, Any]] = {
            one.name: serializers.CharField(
                max_length=one.length,
                required=one.name in self.needed,
                allow_blank=not one.needed,
                help_text=one.help or one.label,
            )
            for one in self.texts
        }
        return {**made, **super().get_fields()}

    def to_internal_value(self, data: Any) -> Any:
        """The clean body; raises ``ValidationError`` also at names that there are none of."""
        if isinstance(data, dict):
            refuse_names(data, self.fields)
        return super().to_internal_value(data)


def refuse_names(given: Iterable[str], known: Iterable[str]) -> None:
    """Raise ``ValidationError`` at each name that is not known: it would be dropped in silence."""
    there = set(known)
    wrong = {name: [f"There is no field “{name}” here."] for name in given if name not in there}
    if wrong:
        raise ValidationError(wrong, code="unknown")
