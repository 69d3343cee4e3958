"""Endpoints of bank drafts: the enrolments of an account, and one of them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core import clock
from core.api.fields import Day
from core.api.texts import TextsSerializer
from core.api.views import OperationView
from core.codes import code_name
from core.sealed import Typed
from core.seen import MARK_LENGTH, mark_of
from customers.bank_draft import (
    DRAFT_TEXTS,
    NUMBER_TYPED,
    change_draft,
    drafts_of,
    enrol,
    shown_values,
)
from customers.models import Account, BankDraft
from customers.sealed import BANK_ACCOUNT

_DAYS = ("signed_on", "starts", "ends")


class DraftSerializer(serializers.ModelSerializer[BankDraft]):
    """A bank draft on file for ``[starts, ends)``; of the bank account number only its end is told.

    ``version`` is the mark of it as it is now: sent back with a change, the change is refused when somebody
    else changed it meanwhile.
    """

    account_id = serializers.IntegerField(read_only=True)
    bank_name = serializers.SerializerMethodField()
    version = serializers.SerializerMethodField()

    class Meta:
        model = BankDraft
        fields = (
            "id", "account_id", "bank", "bank_name", "holder", "routing", "number_last4", "kind", *_DAYS,
            "paused", "version",
        )  # fmt: skip

    def get_bank_name(self, row: BankDraft) -> str:
        """What the bank's code means."""
        return code_name("bank", row.bank)

    def get_version(self, row: BankDraft) -> str:
        """The mark of its values."""
        return mark_of(shown_values(row))


class DraftFieldsSerializer(TextsSerializer):
    """What of a bank draft is to be changed; what is not named stays."""

    texts = DRAFT_TEXTS
    number = serializers.CharField(max_length=NUMBER_TYPED, required=False, help_text="of the bank account")
    kind = serializers.ChoiceField(choices=BankDraft.Kind.choices, required=False)
    signed_on = Day(required=False)
    starts = Day(required=False)
    ends = Day(required=False, allow_null=True)
    paused = serializers.BooleanField(required=False)
    version = serializers.CharField(max_length=MARK_LENGTH, required=False, allow_blank=True)


class NewDraftSerializer(TextsSerializer):
    """A bank that an account's bills are to be drawn from, with the day on which the holder agreed."""

    texts = DRAFT_TEXTS
    needed = frozenset({"bank", "holder"})
    number = serializers.CharField(max_length=NUMBER_TYPED, help_text="of the bank account")
    kind = serializers.ChoiceField(choices=BankDraft.Kind.choices, default=BankDraft.Kind.CHECKING)
    signed_on = Day()
    starts = Day()
    ends = Day(required=False, allow_null=True)
    paused = serializers.BooleanField(required=False, default=False)


def _apart(given: dict[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """The texts of a body, and the rest of it, the number wrapped for its column."""
    texts = {one.name: given.pop(one.name) for one in DRAFT_TEXTS if one.name in given}
    if "number" in given:
        given["number"] = Typed(BANK_ACCOUNT, given["number"])
    return texts, given


class AccountDraftsView(OperationView):
    """Bank drafts of one account."""

    permissions = {"GET": "customers.view", "POST": "customers.edit"}
    serializer_class = DraftSerializer
    queryset = BankDraft.objects.none()

    @extend_schema(responses=DraftSerializer(many=True))
    def get(self, request: Any, account_id: int) -> Response:
        """Every bank draft that is and was on file for the account, the latest first."""
        return self.page_of(drafts_of(Account.objects.get(id=account_id).id))

    @extend_schema(request=NewDraftSerializer, responses={201: DraftSerializer})
    def post(self, request: Any, account_id: int) -> Response:
        """Take down the bank; an account has one at a time."""
        texts, rest = _apart(self.given(NewDraftSerializer))
        return self.perform(
            enrol,
            lambda draft_id: self.get_serializer(BankDraft.objects.get(id=draft_id)).data,
            account_id=account_id,
            fields=texts,
            today=clock.today(request._request.utility.tz),
            **rest,
        )


class DraftView(OperationView):
    """One bank draft."""

    permissions = {"GET": "customers.view", "PATCH": "customers.edit"}
    serializer_class = DraftSerializer

    def get(self, request: Any, draft_id: int) -> Response:
        """A bank draft on file."""
        return Response(self.get_serializer(BankDraft.objects.get(id=draft_id)).data)

    @extend_schema(request=DraftFieldsSerializer, responses=DraftSerializer)
    def patch(self, request: Any, draft_id: int) -> Response:
        """Change what is named of it, pause it or end it."""
        texts, rest = _apart(self.given(DraftFieldsSerializer))
        days = {name: rest.pop(name) for name in _DAYS if name in rest}
        return self.perform(
            change_draft,
            lambda found: self.get_serializer(BankDraft.objects.get(id=found)).data,
            status=200,
            draft_id=draft_id,
            fields=texts,
            days=days,
            seen=rest.pop("version", ""),
            today=clock.today(request._request.utility.tz),
            **rest,
        )
