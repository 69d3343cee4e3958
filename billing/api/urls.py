"""Addresses of the endpoints of billing, under ``/api/v1/``."""

from django.urls import path

from billing.api import bills, runs, usage, what_ifs

urlpatterns = [
    path("cycles/", runs.CyclesView.as_view(), name="cycles"),
    path("runs/", runs.RunsView.as_view(), name="runs"),
    path("runs/<int:run_id>/", runs.RunView.as_view(), name="run"),
    path("runs/<int:run_id>/prepare/", runs.PrepareView.as_view(), name="run_prepare"),
    path("runs/<int:run_id>/review/", runs.ReviewView.as_view(), name="run_review"),
    path("runs/<int:run_id>/approve/", runs.ApproveView.as_view(), name="run_approve"),
    path("runs/<int:run_id>/post/", runs.PostView.as_view(), name="run_post"),
    path("runs/<int:run_id>/print/", runs.PrintView.as_view(), name="run_print"),
    path("runs/<int:run_id>/cancel/", runs.CancelRunView.as_view(), name="run_cancel"),
    path("runs/<int:run_id>/checks/<slug:code>/pass/", runs.PassCheckView.as_view(), name="run_check_pass"),
    path("runs/<int:run_id>/pdf/", runs.RunPdfView.as_view(), name="run_pdf"),
    path("runs/<int:run_id>/bills/", runs.PreparedBillsView.as_view(), name="run_bills"),
    path(
        "runs/<int:run_id>/bills/<int:account_id>/release/",
        runs.ReleaseView.as_view(),
        name="run_bill_release",
    ),
    path(
        "runs/<int:run_id>/bills/<int:account_id>/hold/",
        runs.HoldView.as_view(),
        name="run_bill_hold",
    ),
    path("accounts/<int:account_id>/usage/", usage.UsageView.as_view(), name="account_usage"),
    path("bills/", bills.BillsView.as_view(), name="bills"),
    path("bills/<int:bill_id>/", bills.BillView.as_view(), name="bill"),
    path("bills/<int:bill_id>/explanation/", bills.ExplanationView.as_view(), name="bill_explanation"),
    path("bills/<int:bill_id>/cancel/", bills.CancelView.as_view(), name="bill_cancel"),
    path("bills/<int:bill_id>/pdf/", bills.BillPdfView.as_view(), name="bill_pdf"),
    path("what-ifs/", what_ifs.WhatIfsView.as_view(), name="what_ifs"),
    path("what-ifs/<int:what_if_id>/", what_ifs.WhatIfView.as_view(), name="what_if"),
    path("what-ifs/<int:what_if_id>/bills/", what_ifs.WhatIfBillsView.as_view(), name="what_if_bills"),
    path("what-ifs/<int:what_if_id>/packet/", what_ifs.WhatIfPacketView.as_view(), name="what_if_packet"),
    path(
        "rate-versions/<int:version_id>/what-if/",
        what_ifs.RetroactiveView.as_view(),
        name="rate_version_what_if",
    ),
]
