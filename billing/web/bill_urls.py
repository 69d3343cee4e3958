"""Addresses of bills."""

from django.urls import path

from billing.web import alarms, bills, cancelling, look

urlpatterns = [
    path("bills/", bills.bill_list, name="bills"),
    path("bills/alarms/", alarms.alarm_list, name="alarms"),
    path("bills/alarms/nightly/", alarms.nightly, name="remake_nightly"),
    path("bills/alarms/<int:alarm_id>/", alarms.alarm, name="alarm"),
    path("settings/bills/", look.look, name="look"),
    path("settings/bills/picture.svg", look.picture, name="look_picture"),
    path("settings/bills/sample.pdf", look.sample, name="look_sample"),
    path("bills/<int:number>/", bills.bill, name="bill"),
    path("bills/<int:number>/pdf/", bills.printed, name="bill_pdf"),
    path("bills/<int:number>/cancelled/", bills.cancelled, name="bill_cancelled"),
    path("bills/<int:number>/letter/", bills.letter, name="bill_letter"),
    path("bills/<int:number>/cancel/", cancelling.cancelling, name="bill_cancel"),
]
