"""Addresses of the counter, its drawers and its receipts."""

from django.urls import path

from collections_app.web import (
    counter,
    deposits,
    drawer_settings,
    drawers,
    receipts,
    register,
    returned,
    returns,
    scanning,
)

app_name = "collections"
urlpatterns = [
    path("counter/", counter.counter, name="counter"),
    path("counter/find/", scanning.find, name="counter_find"),
    path("counter/scan/", scanning.scan, name="counter_scan"),
    path("counter/owed/", counter.owed, name="counter_owed"),
    path("accounts/<str:number>/deposit/", deposits.taking, name="deposit"),
    path("drawers/", drawers.drawer_list, name="drawers"),
    path("drawers/open/", drawers.opening, name="drawer_open"),
    path("drawers/register/", register.register, name="register"),
    path("drawers/<int:session_id>/", drawers.drawer, name="drawer"),
    path("drawers/<int:session_id>/move/", drawers.move, name="drawer_move"),
    path("drawers/<int:session_id>/close/", drawers.count, name="drawer_close"),
    path("drawers/<int:session_id>/<str:form>.pdf", drawers.sheet, name="drawer_sheet"),
    path("settings/drawers/", drawer_settings.drawer_list, name="drawer_settings"),
    path("settings/drawers/new/", drawer_settings.new, name="drawer_setting_new"),
    path("settings/drawers/<int:drawer_id>/", drawer_settings.drawer, name="drawer_setting"),
    path("receipts/", receipts.receipt_list, name="receipts"),
    path("receipts/returned/", returned.returned_list, name="returned"),
    path("receipts/<int:number>/", receipts.receipt, name="receipt"),
    path("receipts/<int:number>/void/", receipts.void, name="receipt_void"),
    path("receipts/<int:number>/return/", returns.returning, name="receipt_return"),
    path("receipts/<int:number>/<str:form>.pdf", receipts.pdf, name="receipt_pdf"),
]
