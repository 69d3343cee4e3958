"""The settings: every page on which a utility sets itself up."""

from django.http import HttpResponseBase
from django.template.response import TemplateResponse

from core.setup import setup_pages
from core.web.requests import UtilityRequest
from core.web.views import SIGNED_IN, page


@page(SIGNED_IN)
def settings(request: UtilityRequest) -> HttpResponseBase:
    """The pages this operator may open, under their headings."""
    return TemplateResponse(request, "settings/settings.html", {"groups": setup_pages(request.actor)})
