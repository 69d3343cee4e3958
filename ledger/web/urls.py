"""Addresses of balances and journals."""

from django.urls import path

from ledger.web import account_history, account_list, pages, settings

app_name = "ledger"
urlpatterns = [
    path("accounts/", account_list.account_list, name="accounts"),
    path("accounts/<str:number>/transactions/", account_history.history_file, name="account_transactions"),
    path("ledger/journals/", pages.journal_list, name="journals"),
    path("ledger/journals/<int:journal_id>/", pages.journal, name="journal"),
    path("ledger/charges/<int:charge_id>/", pages.charge, name="charge"),
    path("ledger/chart/", pages.chart, name="chart"),
    path("settings/chart/", settings.chart_list, name="chart_settings"),
    path("settings/chart/new/", settings.new_account, name="chart_new"),
    path("settings/chart/<int:chart_account_id>/", settings.account, name="chart_account"),
    path("settings/revenue-codes/", settings.revenue_list, name="revenue"),
    path("settings/revenue-codes/new/", settings.new_code, name="revenue_new"),
    path("settings/revenue-codes/<int:revenue_code_id>/", settings.code, name="revenue_code"),
]
