"""Answering with an object page (``core.ui.objects``)."""

from typing import Any

from django.http import Http404, HttpResponseBase
from django.template.response import TemplateResponse

from core.ui.objects import NoSuchTab, compose
from core.web.requests import UtilityRequest


def object_page(
    request: UtilityRequest, frame: str, subject: Any, address: str, template: str = "object.html"
) -> HttpResponseBase:
    """The page of a subject with the tab that the address names; a tab it has not is not found.

    ``subject`` has number, name, place and state for the header, and is what the slots get.
    """
    try:
        made = compose(frame, request, subject, request.GET.get("tab", ""), address)
    except NoSuchTab as missing:
        raise Http404(str(missing)) from missing
    return TemplateResponse(request, template, {"subject": subject, "object": made})
