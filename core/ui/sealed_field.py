"""A form field for a number that is kept sealed: what was typed into it stands in no page.

A form that comes back carries the number sealed, so that nobody types it a second time; the field itself
is empty then and tells the end of what is carried.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils.html import format_html
from django.utils.safestring import SafeString

from core.sealed import Sealed, Typed, tail
from core.secrets import KeyMissing, SealBroken, open_sealed, seal

CARRIED, MOST_CARRIED = "_carried", 400
_SPOT = "form.carried"
MASK = "•"
NONE = ("-", "–", "—")
"""What is typed to take a number out."""


def carry(plain: str) -> str:
    """The number for a hidden field, sealed for the utility in scope."""
    mark = uuid4()
    return base64.urlsafe_b64encode(mark.bytes + seal(plain, _SPOT, mark)).decode()


def carried(text: str) -> str:
    """The number of a hidden field; nothing for one that nobody here sealed."""
    try:
        raw = base64.urlsafe_b64decode(text[:MOST_CARRIED].encode("ascii"))
        return open_sealed(raw[16:], _SPOT, UUID(bytes=raw[:16]))
    except (binascii.Error, ValueError, SealBroken, KeyMissing):
        return ""


def number_sent(data: Mapping[str, Any], name: str) -> str:
    """What was typed into the field, or what it carried when nothing was."""
    typed = str(data.get(name) or "").strip()
    if MASK in typed:  # sent back as it was shown
        return ""
    return typed or carried(str(data.get(name + CARRIED) or ""))


def _end_of(typed: str) -> str:
    return tail("".join(c for c in typed if c.isalnum()))


class SealedInput(forms.TextInput):
    """A text field that never says what was typed into it, nor the masked number that is kept."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        """The number, typed or carried."""
        return number_sent(data, name)

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The empty field; with a number typed before, its end, and the number sealed beside it."""
        typed = "" if MASK in str(value or "") else str(value or "")
        told = {"placeholder": f"•••••{_end_of(typed)} as typed"} if typed and typed not in NONE else {}
        field = super().render(name, typed if typed in NONE else "", {**(attrs or {}), **told}, renderer)
        if not told:
            return field
        return format_html(
            '{}<input type="hidden" name="{}" value="{}">', field, name + CARRIED, carry(typed)
        )


class SealedField(forms.CharField):
    """A number to be sealed.  ``kept`` is how the one that is there is shown; a dash takes it out."""

    def __init__(self, *, kept: str = "", help_text: str = "", **options: Any) -> None:
        there = f"{kept} is kept. Empty: it stays; a dash takes it out." if kept else "Kept sealed."
        options.setdefault("widget", SealedInput({"placeholder": kept} if kept else None))
        super().__init__(help_text=f"{help_text} {there}".strip(), **options)
        # What is too long is refused with words, where a browser would cut it.
        self.widget.attrs.pop("maxlength", None)


def typed_number(column: Sealed, typed: str) -> Typed | None:
    """What the operation gets of a sealed field: nothing to leave it, an empty text to take it out."""
    text = typed.strip()
    return Typed(column, "" if text in NONE else text) if text else None
