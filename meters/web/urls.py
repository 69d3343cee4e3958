"""Addresses of routes, locations, meters and readings."""

from django.urls import path

from meters.web import lists, objects

app_name = "meters"
urlpatterns = [
    path("routes/", lists.route_list, name="routes"),
    path("locations/", lists.location_list, name="locations"),
    path("locations/options/", objects.location_options, name="location_options"),
    path("locations/<str:code>/", objects.location, name="location"),
    path("meters/", lists.meter_list, name="meters"),
    path("meters/<str:number>/", objects.meter, name="meter"),
    path("readings/", lists.reading_list, name="readings"),
]
