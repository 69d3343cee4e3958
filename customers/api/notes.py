"""Endpoints of the note pad."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.views import OperationView
from customers.models import Account, Note
from customers.notes import LONGEST, add_note, unpin_note


class NoteSerializer(serializers.ModelSerializer[Note]):
    """A dated comment on an account; ``made_by`` is who wrote it, such as “operator:3”."""

    account_id = serializers.IntegerField(read_only=True)

    class Meta:
        model = Note
        fields = ("id", "account_id", "text", "pinned", "made_at", "made_by", "unpinned_at", "unpinned_by")


class NewNoteSerializer(serializers.Serializer[Any]):
    """A note; ``pinned`` shows it as an alert until somebody takes it off."""

    text = serializers.CharField(max_length=LONGEST)
    pinned = serializers.BooleanField(default=False)


class NoteFilter(django_filters.FilterSet):
    """By whether it is pinned."""

    pinned = django_filters.BooleanFilter(label="Pinned")

    class Meta:
        model = Note
        fields: tuple[str, ...] = ()


class AccountNotesView(OperationView):
    """The note pad of one account."""

    permissions = {"GET": "customers.view", "POST": "customers.edit"}
    serializer_class = NoteSerializer
    filterset_class = NoteFilter
    queryset = Note.objects.none()

    @extend_schema(responses=NoteSerializer(many=True))
    def get(self, request: Any, account_id: int) -> Response:
        """The account's notes, newest first."""
        return self.page_of(Note.objects.filter(account=Account.objects.get(id=account_id)))

    @extend_schema(request=NewNoteSerializer, responses={201: NoteSerializer})
    def post(self, request: Any, account_id: int) -> Response:
        """Write a note on the account."""
        return self.perform(
            add_note,
            lambda note_id: self.get_serializer(Note.objects.get(id=note_id)).data,
            account_id=account_id,
            **self.given(NewNoteSerializer),
        )


class NoteUnpinView(OperationView):
    """A pinned note."""

    permissions = {"POST": "customers.edit"}
    serializer_class = NoteSerializer

    @extend_schema(request=None, responses=NoteSerializer)
    def post(self, request: Any, note_id: int) -> Response:
        """Take the note off the alerts; it stays on the pad."""
        return self.perform(
            unpin_note,
            lambda found: self.get_serializer(Note.objects.get(id=found)).data,
            status=200,
            note_id=note_id,
        )
