"""Addresses of the endpoints of meters and places, under ``/api/v1/``."""

from django.urls import path

from meters.api import views

urlpatterns = [
    path("routes/", views.RoutesView.as_view(), name="routes"),
    path("locations/", views.LocationsView.as_view(), name="locations"),
    path("locations/<int:location_id>/", views.LocationView.as_view(), name="location"),
    path("meters/", views.MetersView.as_view(), name="meters"),
    path("meters/<int:meter_id>/", views.MeterView.as_view(), name="meter"),
    path("registers/", views.RegistersView.as_view(), name="registers"),
    path("readings/", views.ReadingsView.as_view(), name="readings"),
]
