"""Endpoints of moving in and out, of earlier bills, and of vacant locations."""

from decimal import Decimal
from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.fields import Day, Document, Id, Money
from core.api.views import OperationView
from core.reading import read_only
from core.sealed import Typed
from core.seen import MARK_LENGTH, mark_of
from customers import queries
from customers.api.serializers import AccountSerializer, NewCustomerSerializer
from customers.earlier import earlier_of
from customers.landlord_texts import NUMBER_TYPED
from customers.leaving import end_account
from customers.models import Customer, MoveIn
from customers.move_in import (
    Wished,
    ask_to_move_in,
    change_move_in,
    move_in_values,
    withdraw_move_in,
)
from customers.opening import NewCustomer
from customers.sealed import LICENCE, SSN
from customers.vacant import vacant
from customers.web.move_in import MoveInFilter as MoveInScreenFilter
from customers.web.move_in import move_ins
from customers.web.vacant import VacantFilter
from meters.models import Location


class WishedSerializer(serializers.Serializer[Any]):
    """A service wished; what is left out is as the customer before had it."""

    rate_id = Id()
    service_point_id = Id(allow_null=True, default=None)
    units = serializers.DecimalField(
        max_digits=10, decimal_places=3, min_value=Decimal(0), allow_null=True, default=None
    )
    attributes = Document(default=dict)


class MoveInSerializer(serializers.ModelSerializer[MoveIn]):
    """Who waits for a location; on ``starts`` the account takes over by itself.

    ``problem`` is why it did not on its day; ``after_id`` the account that was there before.
    """

    account_id = serializers.IntegerField(read_only=True)
    account = serializers.CharField(source="account.number", read_only=True)
    customer_id = serializers.IntegerField(source="account.customer_id", read_only=True)
    location_id = serializers.IntegerField(source="account.location_id", read_only=True)
    starts = serializers.DateField(source="account.starts", read_only=True)
    after_id = serializers.IntegerField(allow_null=True, read_only=True)
    version = serializers.SerializerMethodField()

    class Meta:
        model = MoveIn
        fields = (
            "id", "account_id", "account", "customer_id", "location_id", "starts", "after_id", "state",
            "problem", "asked_at", "asked_by", "ended_at", "version",
        )  # fmt: skip

    def get_version(self, row: MoveIn) -> str:
        """The mark of it as it is now: sent back with a change, one made in between is not undone."""
        return mark_of(move_in_values(row))


class NewMoveInSerializer(serializers.Serializer[Any]):
    """Somebody wants a location from a day on; a customer who is known or new, one of the two.

    While earlier bills are unpaid, ``owed_reason`` says why the customer is taken all the same.
    """

    location_id = Id()
    starts = Day()
    customer_id = Id(allow_null=True, default=None)
    new_customer = NewCustomerSerializer(allow_null=True, default=None)
    ssn = serializers.CharField(max_length=NUMBER_TYPED, allow_blank=True, default="")
    licence = serializers.CharField(max_length=NUMBER_TYPED, allow_blank=True, default="")
    services = WishedSerializer(many=True, default=list)
    owed_reason = serializers.CharField(max_length=200, allow_blank=True, default="")
    number = serializers.CharField(max_length=20, allow_blank=True, default="")
    category = serializers.CharField(max_length=12, default="residential")


class EarlierBillSerializer(serializers.Serializer[Any]):
    """An unpaid earlier bill: account number, name, service address, amount owed."""

    account = serializers.CharField()
    name = serializers.CharField()
    address = serializers.CharField()
    owed = Money()
    on = serializers.DateField()
    text = serializers.CharField()
    closed = serializers.BooleanField()
    bad_debt = serializers.BooleanField()
    written_off = serializers.DateField(allow_null=True, help_text="the day this bill was given up")


class PersonSerializer(serializers.Serializer[Any]):
    """Somebody with the same number: ``kind`` is “customer” or “landlord”."""

    kind = serializers.CharField()
    id = serializers.IntegerField()
    name = serializers.CharField()


class EarlierSerializer(serializers.Serializer[Any]):
    """Who has the number already, and every earlier bill of theirs that is unpaid."""

    people = PersonSerializer(many=True)
    bills = EarlierBillSerializer(many=True)
    owed = Money()


class NumbersSerializer(serializers.Serializer[Any]):
    """A social security number or a driver licence, or both; a customer who is known."""

    ssn = serializers.CharField(max_length=NUMBER_TYPED, allow_blank=True, default="")
    licence = serializers.CharField(max_length=NUMBER_TYPED, allow_blank=True, default="")
    customer_id = Id(allow_null=True, default=None)


class EndSerializer(serializers.Serializer[Any]):
    """The first day that is no longer the account's own."""

    on = Day()


class VacantSerializer(serializers.ModelSerializer[Location]):
    """A location that nobody answers for; ``used`` is what was measured since, with its unit."""

    since = serializers.DateField(allow_null=True, read_only=True)
    before = serializers.CharField(allow_null=True, read_only=True, help_text="the last account's number")
    used = serializers.CharField(allow_null=True, read_only=True)
    landlord = serializers.CharField(allow_null=True, read_only=True)
    comes = serializers.DateField(allow_null=True, read_only=True, help_text="when the next one moves in")
    address = serializers.CharField(read_only=True)

    class Meta:
        model = Location
        fields = ("id", "code", "address", "since", "before", "used", "landlord", "comes")


class MoveInFilter(MoveInScreenFilter):
    """Also by account and location."""

    account_id = django_filters.NumberFilter(label="Account", field_name="account")
    location_id = django_filters.NumberFilter(label="Location", field_name="account__location")


class MoveInsView(OperationView):
    """Move-ins."""

    permissions = {"GET": "customers.view", "POST": "customers.edit"}
    serializer_class = MoveInSerializer
    filterset_class = MoveInFilter
    queryset = MoveIn.objects.none()

    @extend_schema(responses=MoveInSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Who waits, came or did not come."""
        return self.page_of(move_ins())

    @extend_schema(request=NewMoveInSerializer, responses={201: MoveInSerializer})
    def post(self, request: Any) -> Response:
        """Somebody wants a location from a day on."""
        given = self.given(NewMoveInSerializer)
        new, ssn, licence = given.pop("new_customer"), given.pop("ssn"), given.pop("licence")
        wished = [Wished(**one) for one in given.pop("services")]
        return self.perform(
            ask_to_move_in,
            lambda made: self.get_serializer(move_ins().get(id=made)).data,
            new_customer=NewCustomer(**new) if new else None,
            ssn=Typed(SSN, ssn) if ssn else None,
            licence=Typed(LICENCE, licence) if licence else None,
            services=wished,
            **given,
        )


class MoveInChangeSerializer(serializers.Serializer[Any]):
    """Another day, other services; services left out stay.  ``version`` refuses a change in between."""

    starts = Day()
    services = WishedSerializer(many=True, allow_null=True, default=None)
    version = serializers.CharField(max_length=MARK_LENGTH, allow_blank=True, default="")


class MoveInView(OperationView):
    """One move-in."""

    permissions = {"GET": "customers.view", "PATCH": "customers.edit"}
    serializer_class = MoveInSerializer

    def get(self, request: Any, move_in_id: int) -> Response:
        """Who waits, for which day."""
        return Response(self.get_serializer(move_ins().get(id=move_in_id)).data)

    @extend_schema(request=MoveInChangeSerializer, responses=MoveInSerializer)
    def patch(self, request: Any, move_in_id: int) -> Response:
        """They come on another day, or want other services."""
        given = self.given(MoveInChangeSerializer)
        wished = given.pop("services")
        return self.perform(
            change_move_in,
            lambda found: self.get_serializer(move_ins().get(id=found)).data,
            status=200,
            move_in_id=move_in_id,
            starts=given["starts"],
            services=None if wished is None else [Wished(**one) for one in wished],
            seen=given["version"],
        )


class MoveInWithdrawView(OperationView):
    """A move-in that waits."""

    permissions = {"POST": "customers.edit"}
    serializer_class = MoveInSerializer

    @extend_schema(request=None, responses=MoveInSerializer)
    def post(self, request: Any, move_in_id: int) -> Response:
        """They do not come: the pending account ends."""
        return self.perform(
            withdraw_move_in,
            lambda found: self.get_serializer(move_ins().get(id=found)).data,
            status=200,
            move_in_id=move_in_id,
        )


class AccountEndView(OperationView):
    """The end of an account."""

    permissions = {"POST": "customers.edit"}
    serializer_class = AccountSerializer

    @extend_schema(request=EndSerializer, responses=AccountSerializer)
    def post(self, request: Any, account_id: int) -> Response:
        """Somebody moves out: the account ends with its services."""
        return self.perform(
            end_account,
            lambda found: self.get_serializer(queries.accounts().get(id=found)).data,
            status=200,
            account_id=account_id,
            **self.given(EndSerializer),
        )


class EarlierBillsView(OperationView):
    """Earlier bills."""

    permissions = {"POST": "customers.edit"}
    serializer_class = EarlierSerializer

    @extend_schema(request=NumbersSerializer, responses=EarlierSerializer)
    def post(self, request: Any) -> Response:
        """Who has these numbers already, and what they owe; the numbers stay out of the address."""
        given = self.given(NumbersSerializer)
        with read_only():
            if given["customer_id"] is not None:
                Customer.objects.get(id=given["customer_id"])
            return Response(self.get_serializer(earlier_of(**given)).data)


class VacantView(OperationView):
    """Vacant locations."""

    permissions = {"GET": "customers.view"}
    serializer_class = VacantSerializer
    filterset_class = VacantFilter
    queryset = Location.objects.none()

    @extend_schema(operation_id="vacant_locations_list", responses=VacantSerializer(many=True))
    def get(self, request: Any) -> Response:
        """Locations that nobody answers for today."""
        return self.page_of(vacant(clock.today(request._request.utility.tz)))
