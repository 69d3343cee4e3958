"""What apps above add to the page of a rate: a ``tab`` slot of its frame is a card, a ``verb`` slot verbs."""

from django.http import HttpRequest
from django.template.loader import render_to_string

from core.ui.objects import slots_of
from core.ui.parts import Panel, Verb
from rates.models import RateTable, RateVersion

FRAME = "rate"


def cards_of(request: HttpRequest, subject: RateTable | RateVersion, frame: str = FRAME) -> list[str]:
    """The cards that this operator may see, in their order; the providers are given the table or version."""
    made: list[str] = []
    for slot in (s for s in slots_of(frame, request) if s.kind == "tab"):
        filled: Panel = slot.provider(request, subject)
        named = {"table": subject, **filled.context}
        made.append(render_to_string(filled.template, named, request=request))
    return made


def verbs_of(request: HttpRequest, subject: RateTable | RateVersion, frame: str = FRAME) -> list[Verb]:
    """What apps above let this operator do with the rate, or with one version of it."""
    slots = (slot for slot in slots_of(frame, request) if slot.kind == "verb")
    return [verb for slot in slots for verb in slot.provider(request, subject) or ()]
