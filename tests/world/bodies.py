"""What is posted to each address that takes something."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from core.work.schedules import schedulable

Facts = dict[str, Any]

Body = Callable[[Facts], Facts]


def _nothing(facts: Facts) -> Facts:
    return {}


def _why(facts: Facts) -> Facts:
    return {"why": "Trial", "seen": "x"}


def _password(facts: Facts) -> Facts:
    return {"password": "wrong", "oldpassword": "wrong", "password1": "x", "password2": "y", "code": "000000"}


def _payment(facts: Facts) -> Facts:
    part = {"charge_id": facts["charge_id"], "amount": "1.00"}
    return {
        "on": "2026-09-15",
        "tenders": [{"kind": "cash", "amount": "1.00"}],
        "accounts": [{"account_id": facts["account_id"], "amount": "1.00", "split": [part]}],
    }


def _read_file(facts: Facts) -> Facts:
    return {"feed": "meter_reads", "file": SimpleUploadedFile("reads.csv", f"{uuid4()}".encode())}


def _run(facts: Facts) -> Facts:
    days = {"starts": "2026-10-01", "ends": "2026-10-31", "bill_on": "2026-11-01"}
    return {"cycle_id": facts["cycle_id"], **days}


def _version(facts: Facts) -> Facts:
    return {"starts": "2027-01-01", "content": "{}", "source": "Trial"}


def _account(facts: Facts) -> Facts:
    place = {"location": facts["location_code"], "known": str(facts["customer_id"])}
    return {**place, "starts": "2026-10-01", "category": "residential", "number": f"N{uuid4().hex[:8]}"}


_NIGHTLY = {"name": "Trial", "every": "day", "at": "03:00"}


def _credited(facts: Facts) -> Facts:
    return {"name": "Trial", "chart_account_id": facts["chart_account_id"], "priority": "50"}


BODIES: dict[str, Body] = {
    "account_login": lambda f: {"login": "nobody", "password": "wrong wrong wrong"},
    "account_logout": _nothing,
    "account_inactive": _nothing,
    "mfa_authenticate": _password,
    "welcome": lambda f: {"new_password1": "x", "new_password2": "y"},
    "account_": _password,
    "mfa_": _password,
    "core:schedule_new": lambda f: {**_NIGHTLY, "kind": schedulable()[0].code},
    "core:schedule": lambda f: _NIGHTLY,
    "core:schedule_pause": lambda f: {"paused": "yes"},
    "core:schedule_run": _nothing,
    "core:job_cancel": _nothing,
    "core:job_retry": _nothing,
    "core:policy": lambda f: {"value": "21", "starts": "2026-10-01"},
    "core:operators": lambda f: {"login": f"t{uuid4().hex[:8]}", "name": "Trial", "role_code": "viewer"},
    "core:operator": lambda f: {"role_code": "clerk"},
    "core:operator_leave": _nothing,
    "core:operator_invite": _nothing,
    "core:lock": _nothing,
    "core:keys": lambda f: {"name": "Trial", "permissions": ["bills.view"]},
    "core:key_revoke": _nothing,
    "rates:new": lambda f: {"code": f"T{uuid4().hex[:8]}", "name": "Trial", "service_type": "water"},
    "rates:new_version": _version,
    "rates:activate": _nothing,
    "meters:route_new": lambda f: {"code": f"T{uuid4().hex[:8]}", "name": "Trial"},
    "meters:route": lambda f: {"code": f"T{uuid4().hex[:8]}", "name": "Trial"},
    "billing:cycle_new": lambda f: {"code": f"T{uuid4().hex[:8]}", "name": "Trial"},
    "billing:cycle": lambda f: {
        "code": f"T{uuid4().hex[:8]}",
        "name": "Trial",
        "route_ids": [f["route_id"]],
    },
    "ledger:chart_new": lambda f: {"code": f"T{uuid4().hex[:8]}", "name": "Trial", "kind": "revenue"},
    "ledger:chart_account": lambda f: {"code": f"T{uuid4().hex[:8]}", "name": "Trial"},
    "ledger:revenue_new": lambda f: {"code": f"T{uuid4().hex[:8]}", **_credited(f)},
    "ledger:revenue_code": _credited,
    "collections:drawer_setting_new": lambda f: {
        "code": f"T{uuid4().hex[:8]}",
        "name": "Trial",
        "chart_account_id": f["drawer_account_id"],
    },
    "collections:drawer_setting": lambda f: {
        "code": f"T{uuid4().hex[:8]}",
        "name": "Trial",
        "chart_account_id": f["drawer_account_id"],
    },
    "customers:service_new": lambda f: {"starts": "2026-10-01", "units": "1"},
    "customers:open": _account,
    "customers:flags": lambda f: {"on_hold": "on"},
    "billing:bill_cancel": _why,
    "billing:alarm": _why,
    "billing:remake_nightly": _nothing,
    "billing:look": lambda f: {"colour": "#1f5673", "accent": "#2f855a"},
    "billing:run_open": _run,
    "billing:run_": _why,
    "collections:counter": lambda f: {
        "account": f["account_number"],
        "amount": "1.00",
        "kind": "cash",
        "tender": "1.00",
    },
    "collections:drawer_open": lambda f: {"drawer": f["drawer_id"], "opening": "10.00"},
    "collections:drawer_move": lambda f: {"kind": "drop", "amount": "1.00"},
    "collections:drawer_close": lambda f: {"counted_cash": "105.00"},
    "collections:receipt_void": _why,
    "collections:receipt_return": lambda f: {
        "payments": [f["payment_id"]],
        "reason": "Account closed",
        "fee": "25.00",
    },
    "ledger:adjust": lambda f: {
        "kind": "credit",
        "amount": "1.00",
        "reason": "Courtesy",
        "revenue_code": "OTHER",
        "text": "Trial",
    },
    "ledger:adjustment_": lambda f: {"why": "Trial", "text": "Trial"},
    "ledger:period_new": lambda f: {"starts": "2025-01-01", "ends": "2025-01-31"},
    "ledger:period_close": _nothing,
    "reports:make": lambda f: {"form": "csv"},
    "reports:favourite": lambda f: {"wanted": "1"},
    "interchange:upload": _read_file,
    "interchange:": _nothing,
    "api:policy": lambda f: {"value": "21", "starts": "2026-10-01"},
    "api:job_": _nothing,
    "api:rates": lambda f: {"code": f"T{uuid4().hex[:8]}", "name": "Trial", "service_type": "water"},
    "api:rate_versions": lambda f: {"starts": "2027-01-01", "content": {}, "source": "Trial"},
    "api:rate_version_activate": _nothing,
    "api:readings": lambda f: {
        "readings": [{"register_id": f["register_id"], "on": "2026-12-01", "dial": "1"}]
    },
    "api:customers": lambda f: {
        "name": "Nora Newcomer",
        "mail_line_1": "1 Elm St",
        "mail_city": "Oak Hollow",
        "mail_state": "IA",
        "mail_zip": "51501",
    },
    "api:account_services": lambda f: {"rate_id": f["rate_id"], "starts": "2026-10-01"},
    "api:account_flags": lambda f: {"on_hold": True},
    "api:accounts": lambda f: {
        "location_id": f["location_id"],
        "customer_id": f["customer_id"],
        "starts": "2026-10-01",
        "number": f"N{uuid4().hex[:8]}",
    },
    "api:runs": _run,
    "api:run_": _why,
    "api:bill_cancel": lambda f: {"why": "Trial", "on": "2026-10-01"},
    "api:payments": _payment,
    "api:drawer_sessions": lambda f: {"drawer_id": f["drawer_id"], "opening": "10.00", "on": "2026-09-20"},
    "api:drawer_move": lambda f: {"kind": "added", "amount": "1.00", "on": "2026-09-20"},
    "api:drawer_close": lambda f: {
        "counted": [{"kind": "cash", "amount": "105.00"}],
        "on": "2026-09-20",
    },
    "api:payment_return": lambda f: {"reason": "Account closed", "on": "2026-09-20", "fee": "25.00"},
    "api:adjustments": lambda f: {
        "account_id": f["account_id"],
        "kind": "credit",
        "amount": "1.00",
        "reason": "Courtesy",
        "revenue_code": "OTHER",
        "text": "Trial",
        "on": "2026-09-20",
    },
    "api:adjustment_": lambda f: {"why": "Trial", "text": "Trial", "on": "2026-09-20"},
    "api:receipt_void": lambda f: {"why": "Trial", "on": "2026-09-20"},
    "api:report_file": lambda f: {"form": "csv", "query": {"through": "2026-09-30"}},
    "api:imports": _read_file,
    "api:import_approve": _why,
}
"""What is posted, by the route's name or its beginning (the longest that fits counts)."""

NAMES_OTHERS = {
    "collections:drawer_open",
    "api:drawer_sessions",
    "customers:open",
    "billing:run_open",
    "collections:counter",
    "api:readings",
    "api:account_services",
    "api:accounts",
    "api:runs",
    "api:payments",
    "api:adjustments",
    "collections:receipt_return",
}
"""Routes whose body names rows by id, number or code."""
