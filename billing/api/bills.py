"""Endpoints of bills."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from billing.api import serializers
from billing.api.explanation import ExplanationSerializer, explanation
from billing.bills import bills
from billing.cancelling import cancel_bill
from billing.explaining import explain_bill
from billing.filters import BillFilter
from billing.models import Bill
from billing.printing import bill_pdf
from core.api.documents import PDF, PdfRenderer
from core.api.views import OperationView


class BillsView(OperationView):
    """Bills."""

    permissions = {"GET": "bills.view"}
    serializer_class = serializers.BillSerializer
    filterset_class = BillFilter
    queryset = Bill.objects.none()

    @extend_schema(responses=serializers.BillSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Posted bills, newest first."""
        return self.page_of(bills())


class BillView(OperationView):
    """One bill."""

    permissions = {"GET": "bills.view"}
    serializer_class = serializers.BillDetailSerializer

    def get(self, request: Any, bill_id: int) -> Response:
        """A bill with its lines, the steps behind each, and the readings."""
        bill = bills().select_related("run", "prepared").get(id=bill_id)
        return Response(self.get_serializer(explanation(bill)).data)


class ExplanationView(OperationView):
    """One bill explained."""

    permissions = {"GET": "bills.view"}
    serializer_class = ExplanationSerializer

    def get(self, request: Any, bill_id: int) -> Response:
        """All that each line rests on: readings and their origin, the table, step by step to the cent."""
        bill = bills().select_related("run", "prepared").get(id=bill_id)
        return Response(self.get_serializer(explain_bill(bill, self.actor.may)).data)


class CancelView(OperationView):
    """Cancelling a bill."""

    permissions = {"POST": "bills.cancel"}
    serializer_class = serializers.BillSerializer
    needs_key = True

    @extend_schema(request=serializers.CancelBillSerializer, responses=serializers.BillSerializer)
    def post(self, request: Any, bill_id: int) -> Response:
        """Take a posted bill back; what was paid on it becomes the account's credit."""
        given = self.given(serializers.CancelBillSerializer)

        def shown(_: int) -> Any:
            return self.get_serializer(bills().get(id=bill_id)).data

        return self.perform(cancel_bill, shown, status=200, bill_id=bill_id, **given)


class BillPdfView(OperationView):
    """One bill on paper."""

    permissions = {"GET": "bills.view"}
    renderer_classes = (PdfRenderer, JSONRenderer)

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    def get(self, request: Any, bill_id: int) -> HttpResponse:
        """The bill exactly as it was printed."""
        bill = bills().get(id=bill_id)
        name = f'inline; filename="bill-{bill.number}.pdf"'
        return HttpResponse(bill_pdf(bill), content_type=PDF, headers={"Content-Disposition": name})
