"""Addresses of the endpoints of the ledger and of accounts, under ``/api/v1/``."""

from django.urls import path

from ledger.api import adjustments, deposit_urls, history_urls, inquiry, views, write_off_urls

urlpatterns = [
    *deposit_urls.urlpatterns,
    *write_off_urls.urlpatterns,
    *history_urls.urlpatterns,
    path("accounts/", views.AccountsView.as_view(), name="accounts"),
    path("accounts/<int:account_id>/", views.AccountView.as_view(), name="account"),
    path(
        "accounts/<int:account_id>/transactions/",
        inquiry.TransactionsView.as_view(),
        name="account_transactions",
    ),
    path(
        "customers/<int:customer_id>/receivables/",
        inquiry.ReceivablesView.as_view(),
        name="customer_receivables",
    ),
    path("adjustments/", adjustments.AdjustmentsView.as_view(), name="adjustments"),
    path("adjustments/<int:adjustment_id>/", adjustments.AdjustmentView.as_view(), name="adjustment"),
    path(
        "adjustments/<int:adjustment_id>/approve/",
        adjustments.ApproveView.as_view(),
        name="adjustment_approve",
    ),
    path(
        "adjustments/<int:adjustment_id>/refuse/", adjustments.RefuseView.as_view(), name="adjustment_refuse"
    ),
    path(
        "adjustments/<int:adjustment_id>/reverse/",
        adjustments.ReverseView.as_view(),
        name="adjustment_reverse",
    ),
    path("journals/", views.JournalsView.as_view(), name="journals"),
    path("journals/<int:journal_id>/", views.JournalView.as_view(), name="journal"),
    path("chart-accounts/", views.ChartView.as_view(), name="chart_accounts"),
    path("trial-balance/", views.TrialBalanceView.as_view(), name="trial_balance"),
]
