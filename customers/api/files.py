"""Endpoints of the customer's and the account's file: the fields of the forms, with the same limits."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from core.api.fields import Day
from core.api.texts import TextsSerializer, refuse_names
from core.api.views import OperationView
from core.codes import code_name
from core.errors import NotFound
from core.sealed import Sealed, Typed
from customers import queries
from customers.account_file import MOST_UNITS, NOTE_LENGTH, change_account, put_alternate_address, set_flags
from customers.api.serializers import AccountSerializer, CustomerSerializer
from customers.customer_file import change_customer, put_guarantor, release_guarantor
from customers.earlier import LONGEST_REASON
from customers.models import Account, AlternateAddress, Customer, Guarantor
from customers.sealed import LICENCE, SSN
from customers.texts import ACCOUNT_TEXTS, ALTERNATE_TEXTS, CUSTOMER_TEXTS, GUARANTOR_TEXTS

TYPED = 40
"""So many characters a sealed number may have as it is typed, with blanks and strokes."""


class CustomerFieldsSerializer(TextsSerializer):
    """Fields of a customer; those not named stay as they are.

    A sealed number is sent whole and told by its last four alone; empty takes it out.
    """

    texts = CUSTOMER_TEXTS
    ssn = serializers.CharField(max_length=TYPED, required=False, allow_blank=True)
    licence = serializers.CharField(max_length=TYPED, required=False, allow_blank=True)
    owed_reason = serializers.CharField(
        max_length=LONGEST_REASON, required=False, allow_blank=True,
        help_text="why the customer is taken although who has a number already owes earlier bills",
    )  # fmt: skip


class NewCustomerFieldsSerializer(CustomerFieldsSerializer):
    """A customer with a whole mailing address."""

    needed = frozenset(one.name for one in CUSTOMER_TEXTS if one.needed)


def sealed_apart(given: dict[str, Any]) -> tuple[dict[str, str], dict[str, Typed]]:
    """The plain texts, and the numbers that are to be sealed, on their way."""
    columns: dict[str, Sealed] = {"ssn": SSN, "licence": LICENCE}
    numbers = {name: Typed(column, given.pop(name)) for name, column in columns.items() if name in given}
    return given, numbers


def change_of_customer(view: OperationView, customer_id: int) -> Response:
    """The answer to a change of a customer's file."""
    fields, numbers = sealed_apart(view.given(CustomerFieldsSerializer))
    reason = fields.pop("owed_reason", "")
    return view.perform(
        change_customer,
        lambda _: CustomerSerializer(queries.customers().get(id=customer_id)).data,
        status=200,
        customer_id=customer_id,
        fields=fields,
        owed_reason=reason,
        **numbers,
    )


class GuarantorSerializer(serializers.ModelSerializer[Guarantor]):
    """Who vouches for a customer."""

    class Meta:
        model = Guarantor
        fields = ("id", *(one.name for one in GUARANTOR_TEXTS))


class GuarantorFieldsSerializer(TextsSerializer):
    """Fields of a guarantor; of one that is there, those not named stay as they are."""

    texts = GUARANTOR_TEXTS


class GuarantorView(OperationView):
    """The guarantor of one customer."""

    permissions = {"GET": "customers.view", "PATCH": "customers.edit", "DELETE": "customers.edit"}
    serializer_class = GuarantorSerializer

    def get(self, request: Any, customer_id: int) -> Response:
        """Who vouches for the customer; not found when nobody does."""
        return Response(self._shown(customer_id))

    @extend_schema(request=GuarantorFieldsSerializer, responses=GuarantorSerializer)
    def patch(self, request: Any, customer_id: int) -> Response:
        """Say who vouches, or change the fields that are named."""
        return self.perform(
            put_guarantor,
            self._shown,
            status=200,
            customer_id=customer_id,
            fields=self.given(GuarantorFieldsSerializer),
        )

    @extend_schema(responses={200: CustomerSerializer})
    def delete(self, request: Any, customer_id: int) -> Response:
        """Nobody vouches any more; what was kept stays on record."""
        return self.perform(
            release_guarantor,
            lambda _: CustomerSerializer(queries.customers().get(id=customer_id)).data,
            status=200,
            customer_id=customer_id,
        )

    def _shown(self, customer_id: int) -> Any:
        found = Customer.objects.select_related("guarantor").get(id=customer_id).guarantor
        if found is None:
            raise NotFound("Nobody vouches for this customer.", "Send the guarantor first.")
        return self.get_serializer(found).data


class AccountFileSerializer(AccountSerializer):
    """An account with its codes in words, its flags, and which address bills go to."""

    category_name = serializers.SerializerMethodField()
    demographics_name = serializers.SerializerMethodField()
    route_sequence = serializers.IntegerField(source="location.sequence", read_only=True)
    zone = serializers.CharField(source="location.zone", read_only=True)
    parcel = serializers.CharField(source="location.parcel", read_only=True)

    class Meta:
        model = Account
        fields: tuple[str, ...] = (
            *AccountSerializer.Meta.fields,
            "category_name", "demographics_name", "route_sequence", "zone", "parcel",
        )  # fmt: skip

    def get_category_name(self, row: Account) -> str:
        """What the category means."""
        return code_name("category", row.category)

    def get_demographics_name(self, row: Account) -> str:
        """What the demographics code means."""
        return code_name("demographics", row.demographics)


class AccountFieldsSerializer(TextsSerializer):
    """Fields of an account; those not named stay as they are."""

    texts = ACCOUNT_TEXTS
    units = serializers.IntegerField(min_value=1, max_value=MOST_UNITS, required=False)


class AccountFileView(OperationView):
    """The file of one account."""

    permissions = {"GET": "customers.view", "PATCH": "customers.edit"}
    serializer_class = AccountFileSerializer

    def get(self, request: Any, account_id: int) -> Response:
        """Codes, units, flags and where bills go."""
        return Response(self._shown(account_id))

    @extend_schema(request=AccountFieldsSerializer, responses=AccountFileSerializer)
    def patch(self, request: Any, account_id: int) -> Response:
        """Change the fields that are named."""
        given = self.given(AccountFieldsSerializer)
        units = given.pop("units", None)
        return self.perform(
            change_account, self._shown, status=200, account_id=account_id, fields=given, units=units
        )

    def _shown(self, account_id: int) -> Any:
        return self.get_serializer(queries.accounts().get(id=account_id)).data


class AlternateAddressSerializer(serializers.ModelSerializer[AlternateAddress]):
    """Another address of an account, and whether its bills go there."""

    account_id = serializers.IntegerField(read_only=True)
    bills_go_there = serializers.SerializerMethodField()

    class Meta:
        model = AlternateAddress
        fields = ("account_id", *(one.name for one in ALTERNATE_TEXTS), "bills_go_there")

    def get_bills_go_there(self, row: AlternateAddress) -> bool:
        """Whether the account's bills go to it."""
        return bool(row.account.bills_to == Account.BillsTo.ALTERNATE)


class AlternateFieldsSerializer(TextsSerializer):
    """Fields of an alternate address; of one that is there, those not named stay as they are."""

    texts = ALTERNATE_TEXTS
    bills_go_there = serializers.BooleanField(required=False)


class AlternateAddressView(OperationView):
    """The alternate address of one account."""

    permissions = {"GET": "customers.view", "PATCH": "customers.edit"}
    serializer_class = AlternateAddressSerializer

    def get(self, request: Any, account_id: int) -> Response:
        """Where else bills may go; not found when no other address is kept."""
        return Response(self._shown(account_id))

    @extend_schema(request=AlternateFieldsSerializer, responses=AlternateAddressSerializer)
    def patch(self, request: Any, account_id: int) -> Response:
        """Keep the address, or change the fields that are named, and say whether bills go there."""
        given = self.given(AlternateFieldsSerializer)
        there = given.pop("bills_go_there", None)
        return self.perform(
            put_alternate_address,
            self._shown,
            status=200,
            account_id=account_id,
            fields=given,
            bills_go_there=there,
        )

    def _shown(self, account_id: int) -> Any:
        rows = AlternateAddress.objects.select_related("account")
        return self.get_serializer(rows.get(account=account_id)).data


class FlagsSerializer(serializers.Serializer[Any]):
    """Flags of an account; those not named stay as they are.

    ``no_cutoff_until`` (the first day it counts no more; null: without an end) and ``no_cutoff_note`` go with
    ``no_cutoff`` set.
    """

    no_cutoff_until = Day(required=False, allow_null=True)
    no_cutoff_note = serializers.CharField(max_length=NOTE_LENGTH, required=False, allow_blank=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """One yes or no a flag, and what goes with no cut-off."""
        flags: dict[str, serializers.Field[Any, Any, Any, Any]] = {
            code: serializers.BooleanField(required=False, help_text=does) for code, _, does in queries.FLAGS
        }
        return {**flags, **super().get_fields()}


class FlagsView(OperationView):
    """Flags of one account."""

    permissions = {"PATCH": "customers.edit"}
    serializer_class = AccountSerializer

    @extend_schema(request=FlagsSerializer, responses=AccountSerializer)
    def patch(self, request: Any, account_id: int) -> Response:
        """Set or clear the flags that are named."""
        given = self.given(FlagsSerializer)
        refuse_names(request.data, FlagsSerializer().fields)
        if not given:
            raise ValidationError("Name at least one flag.", code="empty")
        until, note = given.pop("no_cutoff_until", None), given.pop("no_cutoff_note", "")
        return self.perform(
            set_flags,
            lambda _: self.get_serializer(queries.accounts().get(id=account_id)).data,
            status=200,
            account_id=account_id,
            flags=given,
            no_cutoff_until=until,
            no_cutoff_note=note,
        )
