"""What the API says of customers, accounts and services."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from core.api.fields import Day, Document, Id, Quantity
from customers.models import Account, Customer, Service


class CustomerSerializer(serializers.ModelSerializer[Customer]):
    """A person or organisation; of the tax number only the last four digits are told."""

    accounts = serializers.IntegerField(read_only=True, help_text="how many accounts")

    class Meta:
        model = Customer
        fields = (
            "id",
            "name",
            "email",
            "phone",
            "work_phone",
            "employer",
            "mail_line_1",
            "mail_line_2",
            "mail_city",
            "mail_state",
            "mail_zip",
            "mail_country",
            "mail_postal_code",
            "carrier_route",
            "delivery_point",
            "ssn_last4",
            "licence_last4",
            "accounts",
        )


class NewCustomerSerializer(serializers.Serializer[Any]):
    """A customer with a whole mailing address."""

    name = serializers.CharField(max_length=80)
    mail_line_1 = serializers.CharField(max_length=60)
    mail_line_2 = serializers.CharField(max_length=60, allow_blank=True, default="")
    mail_city = serializers.CharField(max_length=40)
    mail_state = serializers.CharField(max_length=3)
    mail_zip = serializers.CharField(max_length=10)
    email = serializers.EmailField(max_length=254, allow_blank=True, default="")
    phone = serializers.CharField(max_length=20, allow_blank=True, default="")


class AccountSerializer(serializers.ModelSerializer[Account]):
    """One customer at one location for ``[starts, ends)``."""

    customer_id = serializers.IntegerField(read_only=True)
    customer = serializers.CharField(source="customer.name", read_only=True)
    location_id = serializers.IntegerField(read_only=True)
    address = serializers.CharField(source="location.address", read_only=True)
    city = serializers.CharField(source="location.city", read_only=True)
    route = serializers.CharField(source="location.route.code", read_only=True)

    class Meta:
        model = Account
        fields: tuple[str, ...] = (
            "id",
            "number",
            "customer_id",
            "customer",
            "location_id",
            "address",
            "city",
            "route",
            "starts",
            "ends",
            "category",
            "units",
            "cash_only",
            "no_bill",
            "on_hold",
            "late_fee_exempt",
            "bad_debt",
            "equal_payment",
            "no_cutoff",
            "no_cutoff_until",
            "no_cutoff_note",
            "demographics",
            "bills_to",
            "alternate_payer",
            "pays_by_draft",
            "message",
        )


class ServiceSerializer(serializers.ModelSerializer[Service]):
    """What an account has, at a service point when it is metered, for ``[starts, ends)``."""

    account_id = serializers.IntegerField(read_only=True)
    account = serializers.CharField(source="account.number", read_only=True)
    service_type = serializers.CharField(read_only=True)
    service_point_id = serializers.IntegerField(allow_null=True, read_only=True)
    rate_id = serializers.IntegerField(read_only=True)
    rate = serializers.CharField(source="rate.code", read_only=True)
    units = Quantity()
    attributes = Document(read_only=True)

    class Meta:
        model = Service
        fields = (
            "id",
            "account_id",
            "account",
            "service_type",
            "service_point_id",
            "rate_id",
            "rate",
            "starts",
            "ends",
            "billed_to",
            "units",
            "attributes",
        )


class NewServiceSerializer(serializers.Serializer[Any]):
    """A service to put on an account; metered when a service point is named."""

    rate_id = Id()
    starts = Day()
    service_point_id = Id(allow_null=True, default=None)
    units = serializers.DecimalField(
        max_digits=10, decimal_places=3, min_value=Decimal(0), default=Decimal(1)
    )
    attributes = Document(default=dict, help_text="what the rate table asks for, such as {“carts”: 2}")
