"""Addresses of the endpoints of the ledger and of accounts, under ``/api/v1/``."""

from django.urls import path

from ledger.api import views

urlpatterns = [
    path("accounts/", views.AccountsView.as_view(), name="accounts"),
    path("accounts/<int:account_id>/", views.AccountView.as_view(), name="account"),
    path("journals/", views.JournalsView.as_view(), name="journals"),
    path("journals/<int:journal_id>/", views.JournalView.as_view(), name="journal"),
    path("chart-accounts/", views.ChartView.as_view(), name="chart_accounts"),
    path("trial-balance/", views.TrialBalanceView.as_view(), name="trial_balance"),
]
