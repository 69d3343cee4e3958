"""Addresses of balances and journals."""

from django.urls import path

from ledger.web import account_history, account_list, pages

app_name = "ledger"
urlpatterns = [
    path("accounts/", account_list.account_list, name="accounts"),
    path("accounts/<str:number>/transactions/", account_history.history_file, name="account_transactions"),
    path("ledger/journals/", pages.journal_list, name="journals"),
    path("ledger/journals/<int:journal_id>/", pages.journal, name="journal"),
    path("ledger/charges/<int:charge_id>/", pages.charge, name="charge"),
    path("ledger/chart/", pages.chart, name="chart"),
]
