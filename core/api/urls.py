"""Addresses of the shared ground's endpoints, under ``/api/v1/``."""

from django.urls import path

from core.api import endpoints

urlpatterns = [
    path("me/", endpoints.MeView.as_view(), name="me"),
    path("policies/", endpoints.PoliciesView.as_view(), name="policies"),
    path("policies/<str:code>/", endpoints.PolicyView.as_view(), name="policy"),
    path("audit/", endpoints.AuditView.as_view(), name="audit"),
]
