"""Every endpoint of the API, under ``/api/v1/``: each app's ``<app>/api/urls.py``, named ``api:name``."""

from django.urls import path

from config.app_urls import gathered
from core.api.schema import DocsView, MissingView, SchemaView

app_name = "api"
urlpatterns = [
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/", DocsView.as_view(), name="docs"),
    *gathered("api"),
    path("<path:rest>", MissingView.as_view(), name="missing"),
]
