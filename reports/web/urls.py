"""Addresses of reports."""

from django.urls import path

from reports.web import pages

app_name = "reports"
urlpatterns = [
    path("reports/", pages.catalogue, name="catalogue"),
    path("reports/<slug:code>/", pages.report, name="report"),
]
