"""Addresses of the endpoints of work orders."""

from django.urls import path

from meters.api import orders

urlpatterns = [
    path("work-orders/", orders.OrdersView.as_view(), name="work_orders"),
    path("work-orders/<int:order_id>/", orders.OrderView.as_view(), name="work_order"),
    path(
        "work-orders/<int:order_id>/complete/", orders.OrderCompleteView.as_view(), name="work_order_complete"
    ),
    path("work-orders/<int:order_id>/cancel/", orders.OrderCancelView.as_view(), name="work_order_cancel"),
]
