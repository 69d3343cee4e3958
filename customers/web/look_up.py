"""A field that looks up what is being typed in it: customers, locations, companies, landlords."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString


class LookUpInput(forms.TextInput):
    """A text field with a list of what fits; ``route`` answers options for its parameter ``name``."""

    def __init__(self, route: str, attrs: dict[str, Any] | None = None) -> None:
        self.route = route
        super().__init__({"autocomplete": "off", "spellcheck": "false", **(attrs or {})})

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """The field and its list, which is filled while somebody types."""
        place = str((attrs or {}).get("id", f"id_{name}"))
        live = {
            "list": f"{place}-options", "hx-get": reverse(self.route), "hx-params": name,
            "hx-trigger": "input changed delay:150ms", "hx-target": f"#{place}-options",
            "hx-swap": "innerHTML",
        }  # fmt: skip
        field = super().render(name, value, {**(attrs or {}), **live}, renderer)
        return format_html('{}<datalist id="{}-options"></datalist>', field, place)


def one_of(found: list[Any], typed: str, what: str, named: str) -> Any:
    """The only one found; raises ``ValidationError`` with what to type when there are none or several.

    ``named`` is the attribute that names one of several so that it can be typed.
    """
    if len(found) == 1:
        return found[0]
    if not found:
        raise forms.ValidationError(f"No {what} has “{typed}”. Type its number or part of its name.")
    several = ", ".join(f"{getattr(one, named)} ({one})" for one in found[:4])
    raise forms.ValidationError(f"{len(found)} have that: {several}. Type the number of the one meant.")
