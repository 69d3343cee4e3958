"""Addresses of rate tables."""

from django.urls import path

from rates.web import pages, rate_field

app_name = "rates"
urlpatterns = [
    path("rates/", pages.rate_list, name="rates"),
    path("rates/new/", pages.new_table, name="new"),
    path("rates/options/", rate_field.rate_options, name="options"),
    path("rates/<str:code>/", pages.table, name="table"),
    path("rates/<str:code>/versions/new/", pages.new_version, name="new_version"),
    path("rates/<str:code>/versions/<int:version_id>/", pages.version, name="version"),
    path("rates/<str:code>/versions/<int:version_id>/activate/", pages.activate, name="activate"),
]
