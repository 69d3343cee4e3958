"""The endpoint of the utility's own codes."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from core.api.views import OperationView
from core.codes import CODE_LENGTH, NAME_LENGTH, put_code
from core.models import Code
from core.web.codes_page import CodeFilter


class CodeSerializer(serializers.ModelSerializer[Code]):
    """A code of one kind with its description; a retired one (``is_live`` false) is taken for nothing new."""

    class Meta:
        model = Code
        fields = ("id", "kind", "code", "name", "is_live")


class NewCodeSerializer(serializers.Serializer[Any]):
    """A code as it is to stand: added, named anew, retired or taken back."""

    kind = serializers.CharField(max_length=20, help_text="category, zone, demographics, bank …")
    code = serializers.CharField(max_length=CODE_LENGTH)
    name = serializers.CharField(max_length=NAME_LENGTH)
    is_live = serializers.BooleanField(default=True)


class CodesView(OperationView):
    """Codes."""

    permissions = {"GET": "core.code.view", "POST": "core.code.edit"}
    serializer_class = CodeSerializer
    filterset_class = CodeFilter
    queryset = Code.objects.none()

    @extend_schema(responses=CodeSerializer(many=True))
    def get(self, request: Any) -> Response:
        """The utility's own codes; a kind without any begins with those that the screens show for it."""
        return self.page_of(Code.objects.all())

    @extend_schema(request=NewCodeSerializer, responses={201: CodeSerializer})
    def post(self, request: Any) -> Response:
        """Add a code, or change the one that is there."""
        return self.perform(
            put_code,
            lambda code_id: self.get_serializer(Code.objects.get(id=code_id)).data,
            **self.given(NewCodeSerializer),
        )
