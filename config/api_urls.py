"""Every endpoint of the API, under ``/api/v1/``: each app's ``<app>/api/urls.py``, named ``api:name``."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from config.app_urls import gathered
from core.api.schema import DocsView, MissingView, SchemaView


class Anything(StringConverter):
    """What is left of an address, whatever it is; ``path`` stops at the end of a line."""

    regex = r"[\s\S]*"


register_converter(Anything, "anything")

app_name = "api"
urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    *gathered("api"),
    path("<anything:rest>", MissingView.as_view(), name="missing"),
]
