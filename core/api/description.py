"""What the description of the API says of every endpoint."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from core.api.problems import MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "description": "What went wrong (RFC 9457), what to do about it, and the fields at fault.",
    "required": ["type", "title", "status", "detail", "remedy", "errors"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "remedy": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "detail", "code"],
                "properties": {
                    "field": {"type": "string"},
                    "detail": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
}
_ANSWERS = {
    "400": "The request cannot be read.",
    "401": "No valid key.",
    "403": "The key lacks the right.",
    "404": "No such thing in this utility.",
    "406": "Asked for in a form that is not answered in.",
    "409": "In conflict, or an idempotency key with another content.",
    "415": "Sent in a form that is not read.",
    "422": "Refused, with a remedy.",
}
_ONLY_WRITING = {"409", "415", "422"}
_METHODS = ("get", "post", "put", "patch", "delete")


class Description(AutoSchema):
    """Adds the idempotency key to what is posted, and to each operation the right that its key needs."""

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        """The operation with ``x-right``; some reports take the right to what they tell of besides."""
        made: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if made is not None:
            made["x-right"] = getattr(self.view, "permissions", {}).get(self.method, "")
        return made

    def get_override_parameters(self) -> list[Any]:
        """The header, a must where the view says so."""
        if self.method == "GET":
            return []
        needed = bool(getattr(self.view, "needs_key", False))
        text = "A unique value for each new request; a repetition with the same value has no second effect."
        return [
            OpenApiParameter(
                "Idempotency-Key", str, OpenApiParameter.HEADER, required=needed, description=text
            )
        ]


def describe_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Write the answers that every operation shares into the description (a postprocessing hook)."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for item in result["paths"].values():
        for method in _METHODS:
            operation = item.get(method, {})
            answers, right = operation.get("responses"), operation.get("x-right")
            for status, text in _ANSWERS.items():
                if answers is not None and (method != "get" or status not in _ONLY_WRITING):
                    told = f"The key lacks the right {right}." if status == "403" and right else text
                    answers.setdefault(status, {"description": told, "content": content})
    return result
