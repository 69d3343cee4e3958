"""Addresses of balances and journals."""

from django.urls import path

from ledger.web import (
    account_history,
    account_list,
    adjustments,
    deposit_urls,
    history_urls,
    pages,
    periods,
    settings,
    write_off_urls,
)

app_name = "ledger"
urlpatterns = [
    *deposit_urls.urlpatterns,
    *write_off_urls.urlpatterns,
    *history_urls.urlpatterns,
    path("accounts/", account_list.account_list, name="accounts"),
    path("accounts/<str:number>/transactions/", account_history.history_file, name="account_transactions"),
    path("accounts/<str:number>/adjust/", adjustments.propose, name="adjust"),
    path("ledger/adjustments/", adjustments.adjustment_list, name="adjustments"),
    path("ledger/adjustments/<int:adjustment_id>/", adjustments.adjustment, name="adjustment"),
    path("ledger/adjustments/<int:adjustment_id>/approve/", adjustments.approve, name="adjustment_approve"),
    path("ledger/adjustments/<int:adjustment_id>/refuse/", adjustments.refuse, name="adjustment_refuse"),
    path(
        "ledger/adjustments/<int:adjustment_id>/withdraw/", adjustments.withdraw, name="adjustment_withdraw"
    ),
    path(
        "ledger/adjustments/<int:adjustment_id>/reverse/", adjustments.reverse_it, name="adjustment_reverse"
    ),
    path("ledger/periods/", periods.period_list, name="periods"),
    path("ledger/periods/new/", periods.new_period, name="period_new"),
    path("ledger/periods/<int:period_id>/", periods.period, name="period"),
    path("ledger/periods/<int:period_id>/close/", periods.close, name="period_close"),
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
