"""Addresses of the endpoints of meters and places, under ``/api/v1/``."""

from django.urls import include, path

from meters.api import location_file, meter_file, views

urlpatterns = [
    path("routes/", views.RoutesView.as_view(), name="routes"),
    path("locations/", views.LocationsView.as_view(), name="locations"),
    path("locations/<int:location_id>/", views.LocationView.as_view(), name="location"),
    path(
        "locations/<int:location_id>/file/",
        location_file.LocationFileView.as_view(),
        name="location_file",
    ),
    path("meters/", views.MetersView.as_view(), name="meters"),
    path("meters/<int:meter_id>/", meter_file.MeterView.as_view(), name="meter"),
    path("meters/<int:meter_id>/install/", meter_file.InstallView.as_view(), name="meter_install"),
    path("meters/<int:meter_id>/remove/", meter_file.RemoveView.as_view(), name="meter_remove"),
    path("meters/<int:meter_id>/exchange/", meter_file.ExchangeView.as_view(), name="meter_exchange"),
    path("service-points/<int:point_id>/fees/", meter_file.PointFeesView.as_view(), name="point_fees"),
    path("registers/", views.RegistersView.as_view(), name="registers"),
    path("readings/", views.ReadingsView.as_view(), name="readings"),
    path("", include("meters.api.order_urls")),
    path("", include("meters.api.reading_urls")),
]
