"""What is posted to the addresses of rates."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile


def _nothing(facts: dict[str, Any]) -> dict[str, Any]:
    return {}


def _version(facts: dict[str, Any]) -> dict[str, Any]:
    return {"starts": "2027-01-01", "content": "{}", "source": "Trial"}


RATE_BODIES: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "rates:new": lambda f: {"code": f"T{uuid4().hex[:8]}", "name": "Trial", "service_type": "water"},
    "rates:new_version": _version,
    "rates:activate": _nothing,
    "rates:shared_change": lambda f: {"value": "6", "starts": "2027-01-01", "rates": [f["rate_code"]]},
    "rates:shared_activate": _nothing,
    "rates:bring_in": lambda f: {"file": SimpleUploadedFile("rate.json", b"{}"), "code": "TRIAL"},
    "rates:begin": lambda f: {"starts": "2027-03-01", "begin": "flat"},
    "rates:edit": lambda f: {"starts": "2027-03-01", "seen": ""},
    "rates:reshape": lambda f: {"act": "add fixed"},
    "rates:tried": lambda f: {"t-use": "5"},
    "rates:withdraw": _nothing,
    "meters:rate_range": lambda f: {"unit": "GAL", "low": "2", "high": "9000"},
    "api:rates": lambda f: {"code": f"T{uuid4().hex[:8]}", "name": "Trial", "service_type": "water"},
    "api:shared_rate_values": lambda f: {
        "kind": "tax",
        "name": "SALES",
        "value": "6.25",
        "starts": "2027-01-01",
        "rates": [f["rate_code"]],
    },
    "api:rate_versions": lambda f: {"starts": "2027-01-01", "content": {}, "source": "Trial"},
    "api:rate_version_activate": _nothing,
    "api:rate_version_withdraw": _nothing,
    "api:rate_version_trial": lambda f: {"from": "2026-09-01", "to": "2026-10-01", "use": "4", "unit": "CCF"},
    "api:rate_version": lambda f: {"source": "Ordinance 13"},
    "api:rate_files": lambda f: {"content": {}, "code": "TRIAL"},
    "api:rate_findings": lambda f: {"content": {}},
}
