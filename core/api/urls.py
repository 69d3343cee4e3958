"""Addresses of the shared ground's endpoints, under ``/api/v1/``."""

from django.urls import path

from core.api import codes, endpoints, jobs, reveals

urlpatterns = [
    path("me/", endpoints.MeView.as_view(), name="me"),
    path("policies/", endpoints.PoliciesView.as_view(), name="policies"),
    path("policies/<str:code>/", endpoints.PolicyView.as_view(), name="policy"),
    path("codes/", codes.CodesView.as_view(), name="codes"),
    path("audit/", endpoints.AuditView.as_view(), name="audit"),
    path("sealed/<str:column>/<int:ref>/reveal/", reveals.RevealView.as_view(), name="reveal"),
    path("jobs/", jobs.JobsView.as_view(), name="jobs"),
    path("jobs/<int:job_id>/", jobs.JobView.as_view(), name="job"),
    path("jobs/<int:job_id>/cancel/", jobs.CancelView.as_view(), name="job_cancel"),
    path("jobs/<int:job_id>/retry/", jobs.RetryView.as_view(), name="job_retry"),
]
