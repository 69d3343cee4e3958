"""What goes wrong, as ``application/problem+json`` (RFC 9457) with a remedy and the fields at fault."""

import logging
import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from core.errors import Refused

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"
NO_SUCH_THING = "There is no such thing in this utility."

_TITLES = {
    400: "The request cannot be read",
    401: "No valid key",
    403: "Not allowed",
    404: "Not found",
    405: "Not offered here",
    406: "Not a form that is answered in",
    409: "In conflict",
    415: "Not a media type that is read here",
    422: "Refused",
    429: "Too many requests",
    500: "Something went wrong on our side",
}
_REMEDIES = {
    400: "Put right what is named and send it again.",
    401: "Send a live partner key as “Authorization: Bearer cs_…”.",
    404: "Check the address and the ids.",
    405: "Use one of the methods that the description of the API lists.",
    406: "Accept application/json, or what the description of the API names.",
    415: "Send application/json, or what the description of the API names.",
    500: "Look at the record before you send it again; with the same idempotency key nothing is done twice.",
}


def problem_type(code: str) -> str:
    """A URN for a kind of problem: ``PolicyUnset`` is ``urn:curbstop:problem:policy-unset``."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", code).replace("_", "-").lower()
    return f"urn:curbstop:problem:{words}"


def problem(
    status: int, detail: str, *, code: str, remedy: str = "", errors: list[dict[str, str]] | None = None
) -> Response:
    """The answer of a problem."""
    body: dict[str, Any] = {
        "type": problem_type(code),
        "title": _TITLES.get(status, "Something went wrong"),
        "status": status,
        "detail": detail,
        "remedy": remedy or _REMEDIES.get(status, ""),
        "errors": errors or [],
    }
    return Response(body, status=status, content_type=MEDIA_TYPE)


def field_errors(detail: Any, path: str = "") -> Iterator[dict[str, str]]:
    """The errors of a serializer, flat, each with its place such as ``lines.0.amount``."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            plain = "" if name == "non_field_errors" else str(name)
            yield from field_errors(inner, ".".join(p for p in (path, plain) if p))
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            nested = isinstance(inner, dict | list)
            yield from field_errors(inner, f"{path}.{number}" if nested else path)
    else:
        yield {"field": path, "detail": str(detail), "code": str(getattr(detail, "code", "invalid"))}


def problem_response(exc: Exception, context: dict[str, Any]) -> Response:
    """The answer to an exception of a view; a fault of ours is logged and tells nothing."""
    if isinstance(exc, Refused):
        errors = [{"field": exc.field, "detail": exc.problem, "code": exc.code}] if exc.field else []
        return problem(exc.status, exc.problem, code=exc.code, remedy=exc.remedy, errors=errors)
    if isinstance(exc, IntegrityError) and (told := _by_the_database(exc, context.get("view"))):
        return told
    if isinstance(exc, Http404 | ObjectDoesNotExist):
        return problem(404, NO_SUCH_THING, code="NotFound")
    if isinstance(exc, PermissionDenied):
        return problem(403, "This is not allowed.", code="NotAllowed")
    if isinstance(exc, exceptions.ValidationError):
        return problem(
            400, "Some fields cannot be used.", code="Invalid", errors=list(field_errors(exc.detail))
        )
    if not isinstance(exc, exceptions.APIException):
        log.error("An endpoint failed", exc_info=exc)
        return problem(500, "The request was stopped as a whole.", code="Fault")
    response = problem(exc.status_code, str(exc.detail), code=str(exc.default_code))
    if header := getattr(exc, "auth_header", ""):
        response["WWW-Authenticate"] = header
    return response


def _by_the_database(exc: IntegrityError, view: Any) -> Response | None:
    """What the database refused to keep, in words; ``None`` when it is no fault of the request.

    PostgreSQL's class 23: 23505 and 23P01 is there already, 23503 names what is not there, 23514 breaks
    a rule, which our triggers say with a hint.
    """
    code, said = getattr(exc.__cause__, "pgcode", ""), getattr(exc.__cause__, "diag", None)
    known = getattr(view, "conflicts", {}).get(getattr(said, "constraint_name", None))
    if known:
        return problem(409, known[0], code="Conflict", remedy=known[1])
    if code in ("23505", "23P01"):
        return problem(409, "This is there already.", code="Conflict", remedy="Look at what is there first.")
    if code == "23503":
        return problem(
            422, "Something the request names is not there.", code="Refused", remedy=_REMEDIES[404]
        )
    if code == "23514" and said is not None and said.message_hint:
        return problem(422, f"The {said.message_primary}.", code="Refused", remedy=said.message_hint)
    return None
