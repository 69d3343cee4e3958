"""Addresses of the pages of imports."""

from django.urls import path

from interchange.web import orders_out, routes_out, views

app_name = "interchange"
urlpatterns = [
    path("orders/open.csv", orders_out.open_orders, name="open_orders"),
    path("routes/<int:route_id>/hand-held.csv", routes_out.device_file, name="route_file"),
    path("imports/", views.imports, name="imports"),
    path("imports/new/", views.upload, name="upload"),
    path("imports/<int:import_id>/", views.one_import, name="import"),
    path("imports/<int:import_id>/live/", views.live, name="live"),
    path("imports/<int:import_id>/scan/", views.scan, name="scan"),
    path("imports/<int:import_id>/approve/", views.approve, name="approve"),
    path("imports/<int:import_id>/cancel/", views.cancel, name="cancel"),
    path("imports/<int:import_id>/exceptions/", views.rows, name="exceptions"),
    path("imports/<int:import_id>/missing/", views.missing, name="missing"),
    path("imports/<int:import_id>/source/", views.source, name="source"),
    path("imports/<int:import_id>/rejects/", views.rejects, name="rejects"),
    path("imports/<int:import_id>/report/", views.report, name="report"),
]
