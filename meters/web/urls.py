"""Addresses of routes, locations, meters and readings."""

from django.urls import include, path

from meters.web import lists, location_form, meter_desk, objects, route_settings

app_name = "meters"
urlpatterns = [
    path("routes/", lists.route_list, name="routes"),
    path("routes/new/", route_settings.new, name="route_new"),
    path("routes/<int:route_id>/", route_settings.change, name="route"),
    path("locations/", lists.location_list, name="locations"),
    path("locations/options/", objects.location_options, name="location_options"),
    path("locations/<str:code>/", objects.location, name="location"),
    path("locations/<str:code>/change/", location_form.change, name="location_change"),
    path("meters/", lists.meter_list, name="meters"),
    path("meters/new/", meter_desk.new, name="meter_new"),
    path("meters/<int:meter_id>/change/", meter_desk.change, name="meter_change"),
    path("meters/<int:meter_id>/install/", meter_desk.install, name="meter_install"),
    path("meters/<int:meter_id>/remove/", meter_desk.remove, name="meter_remove"),
    path("meters/<int:meter_id>/exchange/", meter_desk.exchange, name="meter_exchange"),
    path("points/<int:point_id>/fee/", meter_desk.fee, name="fee"),
    path("meters/<str:number>/", objects.meter, name="meter"),
    path("readings/", lists.reading_list, name="readings"),
    path("", include("meters.web.order_urls")),
    path("", include("meters.web.reading_urls")),
]
