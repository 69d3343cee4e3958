"""Addresses of the endpoints of rate tables, under ``/api/v1/``."""

from django.urls import path

from rates.api import drafts, files, shared, views

urlpatterns = [
    path("rates/", views.RatesView.as_view(), name="rates"),
    path("shared-rate-values/", shared.SharedValuesView.as_view(), name="shared_rate_values"),
    path("rates/<int:rate_id>/", views.RateView.as_view(), name="rate"),
    path("rates/<int:rate_id>/file/", files.RateFileView.as_view(), name="rate_file"),
    path("rate-files/", files.RateFilesView.as_view(), name="rate_files"),
    path("rates/<int:rate_id>/versions/", views.VersionsView.as_view(), name="rate_versions"),
    path("rates/<int:rate_id>/findings/", drafts.JudgeView.as_view(), name="rate_findings"),
    path("rate-versions/", views.AllVersionsView.as_view(), name="all_rate_versions"),
    path("rate-versions/<int:version_id>/", drafts.DraftView.as_view(), name="rate_version"),
    path(
        "rate-versions/<int:version_id>/findings/",
        drafts.FindingsView.as_view(),
        name="rate_version_findings",
    ),
    path("rate-versions/<int:version_id>/trial/", drafts.TrialView.as_view(), name="rate_version_trial"),
    path(
        "rate-versions/<int:version_id>/withdraw/",
        drafts.WithdrawView.as_view(),
        name="rate_version_withdraw",
    ),
    path(
        "rate-versions/<int:version_id>/activate/", views.ActivateView.as_view(), name="rate_version_activate"
    ),
]
