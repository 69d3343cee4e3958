"""Addresses of reports."""

from django.urls import path

from reports.web import pages

app_name = "reports"
urlpatterns = [
    path("reports/", pages.catalogue, name="catalogue"),
    path("reports/files/", pages.files, name="files"),
    path("reports/files/<int:job_id>/", pages.made_file, name="file"),
    path("reports/<slug:code>/", pages.report, name="report"),
    path("reports/<slug:code>/make/", pages.make, name="make"),
    path("reports/<slug:code>/favourite/", pages.favourite, name="favourite"),
]
