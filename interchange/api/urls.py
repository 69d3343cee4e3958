"""Addresses of the endpoints of imports, under ``/api/v1/``."""

from django.urls import path

from interchange.api import endpoints, routes

urlpatterns = [
    path("imports/", endpoints.ImportsView.as_view(), name="imports"),
    path("routes/<int:route_id>/hand-held/", routes.RouteFileView.as_view(), name="route_file"),
    path("imports/<int:import_id>/", endpoints.ImportView.as_view(), name="import"),
    path("imports/<int:import_id>/rows/", endpoints.ImportRowsView.as_view(), name="import_rows"),
    path("imports/<int:import_id>/approve/", endpoints.ApprovalView.as_view(), name="import_approve"),
]
