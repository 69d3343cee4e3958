"""Addresses of routes, locations, meters and readings."""

from django.urls import path

from meters.web import lists, objects, route_settings

app_name = "meters"
urlpatterns = [
    path("routes/", lists.route_list, name="routes"),
    path("routes/new/", route_settings.new, name="route_new"),
    path("routes/<int:route_id>/", route_settings.change, name="route"),
    path("locations/", lists.location_list, name="locations"),
    path("locations/options/", objects.location_options, name="location_options"),
    path("locations/<str:code>/", objects.location, name="location"),
    path("meters/", lists.meter_list, name="meters"),
    path("meters/<str:number>/", objects.meter, name="meter"),
    path("readings/", lists.reading_list, name="readings"),
]
