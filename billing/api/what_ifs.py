"""Endpoints of what-ifs: posted bills under other rate tables."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response

from billing.api import what_if_serializers as serializers
from billing.web.what_if.bills import BillsFilter
from billing.web.what_if.listing import WhatIfFilter
from billing.web.what_if.packet import packet_answer
from billing.what_if.operations import ask_retroactive, ask_what_if, delete_what_if, rename_what_if
from billing.what_if.queries import rows_of, what_if_of, what_ifs
from billing.what_if_models import WhatIf, WhatIfBill
from core.api.documents import PDF, PdfRenderer
from core.api.views import OperationView


def what_if_shown(what_if_id: int) -> Any:
    """A what-if with its figures."""
    return serializers.WhatIfDetailSerializer(what_if_of(what_if_id)).data


class WhatIfsView(OperationView):
    """What-ifs."""

    permissions = {"GET": "bills.view", "POST": "rates.what_if"}
    serializer_class = serializers.WhatIfSerializer
    filterset_class = WhatIfFilter
    queryset = WhatIf.objects.none()

    @extend_schema(responses=serializers.WhatIfSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Every what-if, the newest first."""
        return self.page_of(what_ifs().order_by("-id"))

    @extend_schema(request=serializers.AskSerializer, responses={202: serializers.WhatIfDetailSerializer})
    def post(self, request: Any) -> Response:
        """Have posted bills worked out under other tables: a job, named in the answer."""
        given = serializers.asked(self.given(serializers.AskSerializer))
        return self.perform(ask_what_if, what_if_shown, status=202, **given)


class WhatIfView(OperationView):
    """One what-if."""

    permissions = {"GET": "bills.view", "PATCH": "rates.what_if", "DELETE": "rates.what_if"}
    serializer_class = serializers.WhatIfDetailSerializer

    def get(self, request: Any, what_if_id: int) -> Response:
        """A what-if with its totals by service, class and rate."""
        return Response(what_if_shown(what_if_id))

    @extend_schema(request=serializers.NameSerializer, responses=serializers.WhatIfDetailSerializer)
    def patch(self, request: Any, what_if_id: int) -> Response:
        """Another name and note."""
        given = self.given(serializers.NameSerializer)
        return self.perform(
            rename_what_if,
            what_if_shown,
            status=200,
            what_if_id=what_if_id,
            name=given["name"],
            note_text=given["note"],
        )

    @extend_schema(responses={204: None})
    def delete(self, request: Any, what_if_id: int) -> Response:
        """Throw it away with all that was worked out."""
        return self.perform(delete_what_if, lambda _: None, status=204, what_if_id=what_if_id)


class WhatIfBillsView(OperationView):
    """The bills of a what-if."""

    permissions = {"GET": "bills.view"}
    serializer_class = serializers.WhatIfBillSerializer
    filterset_class = BillsFilter
    queryset = WhatIfBill.objects.none()

    @extend_schema(responses=serializers.WhatIfBillSerializer(many=True))
    def get(self, request: Any, what_if_id: int) -> Response:
        """Each bill as it was and as it would be, those that rise most first."""
        found = what_if_of(what_if_id)
        return self.page_of(rows_of(found.id).order_by("-change", "id"))


class WhatIfPacketView(OperationView):
    """The packet of a what-if."""

    permissions = {"GET": "bills.view"}
    renderer_classes = (PdfRenderer, JSONRenderer)

    @extend_schema(responses={(200, PDF): OpenApiTypes.BINARY})
    def get(self, request: Any, what_if_id: int) -> HttpResponse:
        """The packet for a council: totals, charts, sample bills and clauses; it names no customer."""
        return packet_answer(what_if_id, request._request.utility)


class RetroactiveView(OperationView):
    """What a draft would mean for bills that were posted for its days."""

    permissions = {"POST": "rates.what_if"}
    serializer_class = serializers.WhatIfDetailSerializer

    @extend_schema(request=None, responses={202: serializers.WhatIfDetailSerializer})
    def post(self, request: Any, version_id: int) -> Response:
        """Have it worked out before the version is put in force; activation asks for its ``mark``."""
        return self.perform(ask_retroactive, what_if_shown, status=202, version_id=version_id)
