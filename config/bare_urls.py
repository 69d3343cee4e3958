"""Where the addresses of the bare host lead, which is no utility's: choosing one, and the API by key."""

from django.urls import URLPattern, URLResolver, include, path

from core.web import session_pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", session_pages.choose, name="choose"),
    path("", include("core.web.entrance_urls")),
    path("api/v1/", include("config.api_urls")),
]
