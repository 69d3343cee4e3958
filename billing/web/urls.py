"""Addresses of billing."""

from django.urls import include, path

from billing.web import prepared, print_steps, run_checks, run_steps, runs, settings, usage

app_name = "billing"
urlpatterns = [
    path("", include("billing.web.bill_urls")),
    path("accounts/<str:number>/usage/", usage.usage_file, name="account_usage"),
    path("settings/cycles/", settings.cycle_list, name="cycles"),
    path("settings/cycles/new/", settings.new, name="cycle_new"),
    path("settings/cycles/<int:cycle_id>/", settings.cycle, name="cycle"),
    path("runs/", runs.run_list, name="runs"),
    path("runs/new/", runs.open_form, name="run_open"),
    path("runs/no-cycle/", run_checks.no_cycle, name="no_cycle"),
    path("runs/<int:run_id>/", runs.run, name="run"),
    path("runs/<int:run_id>/checks/<slug:code>/", run_checks.check, name="run_check"),
    path("runs/<int:run_id>/live/", runs.live, name="run_live"),
    path("runs/<int:run_id>/prepare/", run_steps.prepare, name="run_prepare"),
    path("runs/<int:run_id>/review/", run_steps.review, name="run_review"),
    path("runs/<int:run_id>/approve/", run_steps.approve, name="run_approve"),
    path("runs/<int:run_id>/post/", run_steps.post, name="run_post"),
    path("runs/<int:run_id>/print/", print_steps.printing, name="run_print"),
    path("runs/<int:run_id>/no-print/", run_steps.no_print, name="run_no_print"),
    path("runs/<int:run_id>/cancel/", run_steps.cancel, name="run_cancel"),
    path("runs/<int:run_id>/bills.pdf", print_steps.whole_pdf, name="run_pdf"),
    path("runs/<int:run_id>/pages/", print_steps.page_index, name="run_pages"),
    path("runs/<int:run_id>/accounts/", prepared.bill_list, name="run_bills"),
    path("runs/<int:run_id>/accounts/<str:number>/", prepared.bill, name="run_bill"),
    path("runs/<int:run_id>/accounts/<str:number>/release/", prepared.release, name="run_release"),
    path("runs/<int:run_id>/accounts/<str:number>/hold/", prepared.hold, name="run_hold"),
]
