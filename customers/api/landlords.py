"""Endpoints of landlords, management companies, and who has which location."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.fields import Day, Id
from core.api.texts import TextsSerializer
from core.api.views import OperationView
from core.sealed import Typed
from core.seen import MARK_LENGTH, mark_of
from customers import landlord_queries as queries
from customers.landlord_texts import COMPANY_TEXTS, LANDLORD_TEXTS, NUMBER_TYPED
from customers.landlords import (
    add_company,
    add_landlord,
    change_company,
    change_holding,
    change_landlord,
    give_location,
    holding_values,
)
from customers.models import Holding, Landlord, ManagementCompany
from customers.sealed import COMPANY_TAX_ID, LANDLORD_LICENCE, LANDLORD_SSN
from customers.web.companies import CompanyFilter as CompanyScreenFilter
from customers.web.landlords import LandlordFilter as LandlordScreenFilter

_NEEDED = frozenset({"name", "line_1", "city", "state", "zip_code"})
_COMPANY = tuple(one.name for one in COMPANY_TEXTS)
_LANDLORD = tuple(one.name for one in LANDLORD_TEXTS)
_SEALED = {"ssn": LANDLORD_SSN, "licence": LANDLORD_LICENCE, "federal_tax_id": COMPANY_TAX_ID}


class CompanySerializer(serializers.ModelSerializer[ManagementCompany]):
    """A management company; of the federal tax id only the last four digits are told."""

    landlords = serializers.IntegerField(read_only=True, help_text="how many it manages for")

    class Meta:
        model = ManagementCompany
        fields = ("id", *_COMPANY, "federal_tax_id_last4", "landlords")


class CompanyTextsSerializer(TextsSerializer):
    """What of a company is to be changed; what is not named stays.  An empty tax id removes it."""

    texts = COMPANY_TEXTS
    federal_tax_id = serializers.CharField(max_length=NUMBER_TYPED, allow_blank=True, required=False)


class NewCompanySerializer(CompanyTextsSerializer):
    """A company with a whole address; without a number it gets the next one."""

    needed = _NEEDED


class LandlordSerializer(serializers.ModelSerializer[Landlord]):
    """A landlord; of the numbers that are kept sealed only the last four characters are told."""

    company_id = serializers.IntegerField(allow_null=True, read_only=True)
    customer_id = serializers.IntegerField(allow_null=True, read_only=True)
    locations = serializers.IntegerField(read_only=True, help_text="how many they have at present")

    class Meta:
        model = Landlord
        fields = ("id", *_LANDLORD, "ssn_last4", "licence_last4", "company_id", "customer_id", "locations")


class LandlordTextsSerializer(TextsSerializer):
    """What of a landlord is to be changed; what is not named stays.  An empty number removes it."""

    texts = LANDLORD_TEXTS
    ssn = serializers.CharField(max_length=NUMBER_TYPED, allow_blank=True, required=False)
    licence = serializers.CharField(max_length=NUMBER_TYPED, allow_blank=True, required=False)
    company_id = Id(allow_null=True, required=False)
    customer_id = Id(allow_null=True, required=False, help_text="who answers for the days between tenants")


class NewLandlordSerializer(LandlordTextsSerializer):
    """A landlord with a whole address; without a number the next one is given."""

    needed = _NEEDED


class HoldingSerializer(serializers.ModelSerializer[Holding]):
    """A landlord has a location for ``[starts, ends)``; ``reverts`` is the landlord agreement."""

    landlord_id = serializers.IntegerField(read_only=True)
    landlord = serializers.CharField(source="landlord.name", read_only=True)
    location_id = serializers.IntegerField(read_only=True)
    location = serializers.CharField(source="location.code", read_only=True)
    version = serializers.SerializerMethodField()

    class Meta:
        model = Holding
        fields = (
            "id", "landlord_id", "landlord", "location_id", "location", "starts", "ends", "reverts",
            "agreed_on", "version",
        )  # fmt: skip

    def get_version(self, row: Holding) -> str:
        """The mark of it as it is now: sent back with a change, one made in between is not undone."""
        return mark_of(holding_values(row))


class NewHoldingSerializer(serializers.Serializer[Any]):
    """A location that a landlord has from a day on."""

    location_id = Id()
    starts = Day()
    reverts = serializers.BooleanField(default=False)
    agreed_on = Day(allow_null=True, default=None)


class HoldingChangeSerializer(serializers.Serializer[Any]):
    """The landlord agreement, and the first day on which the landlord has the location no more."""

    reverts = serializers.BooleanField()
    agreed_on = Day(allow_null=True, default=None)
    ends = Day(allow_null=True, default=None)
    version = serializers.CharField(
        source="seen", max_length=MARK_LENGTH, allow_blank=True, default="", help_text="as it was read"
    )


class CompanyFilter(CompanyScreenFilter):
    """Also by number."""

    number = django_filters.CharFilter(label="Number")


class LandlordFilter(LandlordScreenFilter):
    """Also by number."""

    number = django_filters.CharFilter(label="Number")


def _split(given: dict[str, Any], names: tuple[str, ...]) -> tuple[dict[str, str], dict[str, Any]]:
    """The texts of a body, and the rest of it, numbers wrapped for their columns."""
    rest = {n: v for n, v in given.items() if n not in names}
    for name, column in _SEALED.items():
        if name in rest:
            rest[name] = Typed(column, rest[name])
    return {n: v for n, v in given.items() if n in names}, rest


class CompaniesView(OperationView):
    """Management companies."""

    permissions = {"GET": "customers.view", "POST": "customers.edit"}
    serializer_class = CompanySerializer
    filterset_class = CompanyFilter
    queryset = ManagementCompany.objects.none()

    @extend_schema(responses=CompanySerializer(many=True))
    def get(self, request: Any) -> Response:
        """Companies that look after landlords' property."""
        return self.page_of(queries.companies())

    @extend_schema(request=NewCompanySerializer, responses={201: CompanySerializer})
    def post(self, request: Any) -> Response:
        """Add a company."""
        texts, rest = _split(self.given(NewCompanySerializer), _COMPANY)
        return self.perform(
            add_company,
            lambda company_id: self.get_serializer(queries.companies().get(id=company_id)).data,
            texts=texts,
            **rest,
        )


class CompanyView(OperationView):
    """One management company."""

    permissions = {"GET": "customers.view", "PATCH": "customers.edit"}
    serializer_class = CompanySerializer

    def get(self, request: Any, company_id: int) -> Response:
        """A management company."""
        return Response(self.get_serializer(queries.companies().get(id=company_id)).data)

    @extend_schema(request=CompanyTextsSerializer, responses=CompanySerializer)
    def patch(self, request: Any, company_id: int) -> Response:
        """Change what is named of it."""
        texts, rest = _split(self.given(CompanyTextsSerializer), _COMPANY)
        return self.perform(
            change_company,
            lambda found: self.get_serializer(queries.companies().get(id=found)).data,
            status=200,
            company_id=company_id,
            texts=texts,
            **rest,
        )


class LandlordsView(OperationView):
    """Landlords."""

    permissions = {"GET": "customers.view", "POST": "customers.edit"}
    serializer_class = LandlordSerializer
    filterset_class = LandlordFilter
    queryset = Landlord.objects.none()

    @extend_schema(responses=LandlordSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Owners of what is let."""
        return self.page_of(queries.landlords())

    @extend_schema(request=NewLandlordSerializer, responses={201: LandlordSerializer})
    def post(self, request: Any) -> Response:
        """Add a landlord."""
        texts, rest = _split(self.given(NewLandlordSerializer), _LANDLORD)
        return self.perform(
            add_landlord,
            lambda landlord_id: self.get_serializer(queries.landlords().get(id=landlord_id)).data,
            texts=texts,
            **rest,
        )


class LandlordView(OperationView):
    """One landlord."""

    permissions = {"GET": "customers.view", "PATCH": "customers.edit"}
    serializer_class = LandlordSerializer

    def get(self, request: Any, landlord_id: int) -> Response:
        """A landlord."""
        return Response(self.get_serializer(queries.landlords().get(id=landlord_id)).data)

    @extend_schema(request=LandlordTextsSerializer, responses=LandlordSerializer)
    def patch(self, request: Any, landlord_id: int) -> Response:
        """Change what is named of the landlord."""
        texts, rest = _split(self.given(LandlordTextsSerializer), _LANDLORD)
        links = {name: rest.pop(name) for name in ("company_id", "customer_id") if name in rest}
        return self.perform(
            change_landlord,
            lambda found: self.get_serializer(queries.landlords().get(id=found)).data,
            status=200,
            landlord_id=landlord_id,
            texts=texts,
            links=links,
            **rest,
        )


class LandlordHoldingsView(OperationView):
    """Locations of one landlord."""

    permissions = {"GET": "customers.view", "POST": "customers.edit"}
    serializer_class = HoldingSerializer
    queryset = Holding.objects.none()

    @extend_schema(responses=HoldingSerializer(many=True))
    def get(self, request: Any, landlord_id: int) -> Response:
        """The locations that the landlord has and had."""
        return self.page_of(queries.holdings().filter(landlord=Landlord.objects.get(id=landlord_id)))

    @extend_schema(request=NewHoldingSerializer, responses={201: HoldingSerializer})
    def post(self, request: Any, landlord_id: int) -> Response:
        """Say that the landlord has a location from a day on."""
        return self.perform(
            give_location,
            lambda holding_id: self.get_serializer(queries.holdings().get(id=holding_id)).data,
            landlord_id=landlord_id,
            **self.given(NewHoldingSerializer),
        )


class HoldingView(OperationView):
    """A location that a landlord has."""

    permissions = {"PATCH": "customers.edit"}
    serializer_class = HoldingSerializer

    @extend_schema(request=HoldingChangeSerializer, responses=HoldingSerializer)
    def patch(self, request: Any, holding_id: int) -> Response:
        """Set the landlord agreement, and the end."""
        return self.perform(
            change_holding,
            lambda found: self.get_serializer(queries.holdings().get(id=found)).data,
            status=200,
            holding_id=holding_id,
            **self.given(HoldingChangeSerializer),
        )
