"""Addresses of the endpoints of rate tables, under ``/api/v1/``."""

from django.urls import path

from rates.api import views

urlpatterns = [
    path("rates/", views.RatesView.as_view(), name="rates"),
    path("rates/<int:rate_id>/", views.RateView.as_view(), name="rate"),
    path("rates/<int:rate_id>/versions/", views.VersionsView.as_view(), name="rate_versions"),
    path("rate-versions/<int:version_id>/", views.VersionView.as_view(), name="rate_version"),
    path(
        "rate-versions/<int:version_id>/activate/", views.ActivateView.as_view(), name="rate_version_activate"
    ),
]
