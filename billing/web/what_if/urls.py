"""Addresses of what-ifs; they stand before those of rate tables, whose codes begin at the same place."""

from django.urls import path

from billing.web.what_if import asking, bills, comparing, listing, packet, result, retroactive

app_name = "what_if"
urlpatterns = [
    path("rates/what-if/", listing.what_if_list, name="what_ifs"),
    path("rates/what-if/new/", asking.new, name="new"),
    path("rates/what-if/compare/", comparing.compare, name="compare"),
    path("rates/what-if/retroactive/<int:version_id>/", retroactive.retroactive, name="retroactive"),
    path("rates/what-if/<int:what_if_id>/", result.what_if, name="what_if"),
    path("rates/what-if/<int:what_if_id>/live/", result.live, name="live"),
    path("rates/what-if/<int:what_if_id>/rename/", result.rename, name="rename"),
    path("rates/what-if/<int:what_if_id>/delete/", result.delete, name="delete"),
    path("rates/what-if/<int:what_if_id>/confirm/", retroactive.confirm, name="confirm"),
    path("rates/what-if/<int:what_if_id>/packet.pdf", packet.packet, name="packet"),
    path("rates/what-if/<int:what_if_id>/tables/<str:code>/", comparing.clauses, name="clauses"),
    path("rates/what-if/<int:what_if_id>/bills/", bills.bill_list, name="bills"),
    path("rates/what-if/<int:what_if_id>/bills/<int:number>/", bills.bill, name="bill"),
]
