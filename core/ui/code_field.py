"""A field for a code: what it means stands beside it while it is typed, on entry and on change."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.codes import CODE_LENGTH, checked_code, code_name, codes_of
from core.errors import Refused


def means(place: str, words: str) -> SafeString:
    """The place beside a field where it says what its code means."""
    return format_html('<output class="code-means" id="{}-means" for="{}">{}</output>', place, place, words)


class CodeInput(forms.TextInput):
    """A text field with the codes of its kind, each with its description, and the meaning beside it."""

    def __init__(self, kind: str, attrs: dict[str, Any] | None = None) -> None:
        self.kind = kind
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The field, its list of codes, and what the code in it means."""
        place = str((attrs or {}).get("id", f"id_{name}"))
        asked = f"{reverse('core:code_options', args=[self.kind])}?of={name}&at={place}"
        live = {
            "list": f"{place}-codes", "hx-get": asked, "hx-trigger": "input changed delay:150ms, change",
            "hx-target": f"#{place}-codes", "hx-swap": "innerHTML", "hx-params": name,
        }  # fmt: skip
        field = super().render(name, value, {**(attrs or {}), **live}, renderer)
        options = format_html_join(
            "",
            '<option value="{}">{}</option>',
            [(code, f"{code} {words}") for code, words in codes_of(self.kind)],
        )
        said = means(place, code_name(self.kind, str(value or "")) if value else "")
        return format_html('{}<datalist id="{}-codes">{}</datalist>{}', field, place, options, said)


class CodeField(forms.CharField):
    """A code of one kind, typed or chosen; one that is unknown or retired is refused.

    ``before`` is what the row has already, which may stay although it was retired since.
    """

    def __init__(self, kind: str, *, before: str = "", **options: Any) -> None:
        self.kind, self.before = kind, before
        options.setdefault("max_length", CODE_LENGTH)
        options.setdefault("widget", CodeInput(kind))
        super().__init__(**options)

    def clean(self, value: Any) -> str:
        """The code as it is kept."""
        typed = str(super().clean(value) or "")
        try:
            return checked_code(self.kind, typed, "", before=self.before)
        except Refused as refused:
            raise ValidationError(str(refused), code="no_code") from refused
