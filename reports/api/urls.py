"""Addresses of the endpoints of reports, under ``/api/v1/``."""

from django.urls import path

from reports.api import views

urlpatterns = [
    path("reports/", views.ReportsView.as_view(), name="reports"),
    path("reports/files/<int:job_id>/", views.MadeFileView.as_view(), name="report_made_file"),
    path("reports/<slug:code>/", views.ReportView.as_view(), name="report"),
    path("reports/<slug:code>/rows/", views.RowsView.as_view(), name="report_rows"),
    path("reports/<slug:code>/file/", views.FileView.as_view(), name="report_file"),
]
