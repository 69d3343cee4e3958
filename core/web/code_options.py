"""The codes of a kind for a field that is being typed in, and what the one in it means."""

from django.http import Http404, HttpResponseBase
from django.template.response import TemplateResponse

from core.codes import code_kinds, codes_of
from core.web.requests import UtilityRequest
from core.web.views import SIGNED_IN, page


@page(SIGNED_IN)
def code_options(request: UtilityRequest, kind: str) -> HttpResponseBase:
    """Codes whose code or description has what was typed: ``?q=``, or ``?of=`` names the parameter.

    ``at`` is the field's id in the page, beside which the meaning of a whole code is said.
    """
    if kind not in code_kinds():
        raise Http404("No such kind of codes")
    typed = request.GET.get(request.GET.get("of", "q"), "").strip().lower()
    listed = codes_of(kind)
    found = [(code, words) for code, words in listed if typed in code.lower() or typed in words.lower()]
    meant = next((words for code, words in listed if code.lower() == typed), "")
    context = {
        "options": [(code, f"{code} {words}") for code, words in found[:50]],
        "at": request.GET.get("at", ""),
        "meant": meant,
    }
    return TemplateResponse(request, "settings/code_options.html", context)
