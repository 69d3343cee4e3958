"""Addresses of work orders, within those of meters and places."""

from django.urls import path

from meters.web import order_forms, orders

urlpatterns = [
    path("orders/", orders.order_list, name="orders"),
    path("orders/new/", order_forms.new, name="order_new"),
    path("orders/map/", orders.due_map, name="order_map"),
    path("orders/sheets.pdf", orders.sheets, name="order_sheets"),
    path("orders/<int:number>/", orders.order, name="order"),
    path("orders/<int:number>/sheet.pdf", orders.sheet, name="order_sheet"),
    path("orders/<int:number>/change/", order_forms.change, name="order_change"),
    path("orders/<int:number>/complete/", order_forms.complete, name="order_complete"),
    path("orders/<int:number>/cancel/", order_forms.cancel, name="order_cancel"),
]
