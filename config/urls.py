"""Where each address of a utility leads: each app's ``<app>/web/urls.py``, named ``app:name``."""

from django.urls import URLPattern, URLResolver, include, path

from config.app_urls import gathered

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("core.web.entrance_urls")),
    path("api/v1/", include("config.api_urls")),
    path("", include("billing.web.what_if.urls")),
    *gathered("web"),
]
