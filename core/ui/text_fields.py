"""Form fields made from the texts of a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from core.texts import Text
from core.ui.code_field import CodeField


def field_of(one: Text, before: str = "") -> forms.Field:
    """The form field of a text; ``before`` is what the row has, for a code that was retired since.

    The browser is not told the length: what is longer is refused with words, where a browser would cut it.
    """
    said: dict[str, Any] = {
        "label": one.label, "help_text": one.help, "required": one.needed, "max_length": one.length,
    }  # fmt: skip
    if one.codes:
        return CodeField(one.codes, before=before, **said)
    if one.look == "mail":
        return forms.EmailField(**said)
    return forms.CharField(**said)


def fields_of(texts: Sequence[Text], row: Any = None) -> Mapping[str, forms.Field]:
    """The form fields of these texts, by name; ``row`` is what they are changed on."""
    made = {one.name: field_of(one, str(getattr(row, one.name, "") or "")) for one in texts}
    for one in made.values():
        one.widget.attrs.pop("maxlength", None)
    return made


def values_of(texts: Sequence[Text], row: Any) -> dict[str, str]:
    """What a row has in these fields."""
    return {one.name: getattr(row, one.name) for one in texts}
