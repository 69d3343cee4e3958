"""What the API says of rate tables and their versions."""

from typing import Any

from rest_framework import serializers

from core.api.fields import Day, Document
from core.seen import mark_of
from rates.drafts import values_of_draft
from rates.models import RateTable, RateVersion
from rates.web.pages import SERVICES


class RateSerializer(serializers.ModelSerializer[RateTable]):
    """A rate table; the version of today is in force from ``in_force`` up to, not including, ``until``."""

    in_force = serializers.DateField(allow_null=True, read_only=True)
    until = serializers.DateField(allow_null=True, read_only=True)
    drafts = serializers.IntegerField(read_only=True)
    versions = serializers.IntegerField(read_only=True)

    class Meta:
        model = RateTable
        fields = ("id", "code", "name", "service_type", "in_force", "until", "drafts", "versions")


class NewRateSerializer(serializers.Serializer[Any]):
    """A rate table; what it charges follows in its versions."""

    code = serializers.CharField(max_length=20)
    name = serializers.CharField(max_length=120)
    service_type = serializers.ChoiceField(choices=SERVICES)


class VersionSerializer(serializers.ModelSerializer[RateVersion]):
    """A version of a table for ``[starts, ends)``."""

    table_id = serializers.IntegerField(read_only=True)
    rate = serializers.CharField(source="table.code", read_only=True)

    class Meta:
        model = RateVersion
        fields = (
            "id",
            "table_id",
            "rate",
            "starts",
            "ends",
            "state",
            "content_hash",
            "prepared_by",
            "activated_by",
            "source",
            "made_at",
        )


class VersionDetailSerializer(VersionSerializer):
    """A version with what it says: the rate engine's table."""

    state = serializers.CharField(read_only=True)
    content = Document(read_only=True)
    version = serializers.SerializerMethodField(help_text="send it back with a change")

    class Meta:
        model = RateVersion
        fields = (*VersionSerializer.Meta.fields, "content", "version")

    def get_version(self, row: RateVersion) -> str:
        """What tells whether somebody has changed the draft since."""
        return mark_of(values_of_draft(row))


class NewVersionSerializer(serializers.Serializer[Any]):
    """A version to be put in force by a second person; without ``ends`` until further notice."""

    starts = Day()
    ends = Day(allow_null=True, default=None)
    source = serializers.CharField(  # type: ignore[assignment]  # a field of that name
        max_length=300, allow_blank=True, default=""
    )
    content = Document()


class ActivationSerializer(serializers.Serializer[Any]):
    """When bills were posted for days of the version: the mark of the what-if that shows them."""

    seen = serializers.CharField(max_length=64, allow_blank=True, default="")
