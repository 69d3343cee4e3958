"""What is posted to each address that takes something."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from core.work.schedules import schedulable
from tests.world.deposit_bodies import DEPOSIT_BODIES, DEPOSITS_NAME_OTHERS
from tests.world.history_bodies import HISTORY_BODIES
from tests.world.rate_bodies import RATE_BODIES
from tests.world.what_if_bodies import WHAT_IF_BODIES
from tests.world.write_off_bodies import WRITE_OFF_BODIES, WRITE_OFFS_NAME_OTHERS

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


def _account(facts: Facts) -> Facts:
    place = {"location": facts["location_code"], "known": str(facts["customer_id"])}
    return {**place, "starts": "2026-10-01", "category": "residential", "number": f"N{uuid4().hex[:8]}"}


_CONTAINER = {"kind": "garbage", "owner": "municipal", "received_on": "2026-09-01"}


def _serial() -> Facts:
    return {"serial": f"T{uuid4().hex[:8]}"}


_METER = {"unit": "GAL", "dials": "6", "dead_zeros": "0", "multiplier": "1"}
"""How the register of a meter counts, as its form sends it."""

_NIGHTLY = {"name": "Trial", "every": "day", "at": "03:00"}


def _credited(facts: Facts) -> Facts:
    return {"name": "Trial", "chart_account_id": facts["chart_account_id"], "priority": "50"}


_ADDRESS = {"line_1": "1 Elm St", "city": "Oak Hollow", "state": "IA", "zip_code": "51501"}
_BANK = {"bank": "FIRST", "holder": "Trial", "routing": "021000021", "kind": "checking"}
_SIGNED = {"signed_on": "2026-09-01", "starts": "2026-10-01"}
_PERSON = {
    "name": "Nora Newcomer",
    "mail_line_1": "1 Elm St",
    "mail_city": "Oak Hollow",
    "mail_state": "IA",
    "mail_zip": "51501",
}
_PLACE = {
    "street_number": "1",
    "street_name": "Elm St",
    "city": "Oak Hollow",
    "state": "IA",
    "zip_code": "51501",
    "sequence": "10",
}


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
    "customers:tax_exempt": _nothing,
    **RATE_BODIES,
    "meters:route_new": lambda f: {"code": f"T{uuid4().hex[:8]}", "name": "Trial"},
    "meters:route": lambda f: {"code": f"T{uuid4().hex[:8]}", "name": "Trial"},
    "meters:enter_line": lambda f: {"register_id": f["register_id"], "on": "2026-10-02", "dial": "1"},
    "meters:reading_correct": lambda f: {"dial": "1", "on": "2026-09-01", "source": "A", "why": "Trial"},
    "meters:route_order": lambda f: {"places": f"{f['location_id']}:10", "seen": "x"},
    "meters:route_move": lambda f: {"selected": [f["location_id"]], "to_route": f["route_id"]},
    "meters:meter_new": lambda f: {**_METER, "number": f"T{uuid4().hex[:8]}", "service_type": "water"},
    "meters:meter_change": lambda f: {**_METER, "number": f["meter_number"]},
    "meters:meter_install": lambda f: {
        "location": f["location_code"],
        "point": f"T{uuid4().hex[:8]}",
        "on": "2026-10-01",
        "dial": "0",
    },
    "meters:meter_remove": lambda f: {"on": "2020-01-01", "last": "999998"},
    "meters:meter_exchange": lambda f: {
        **_METER,
        "number": f"T{uuid4().hex[:8]}",
        "on": "2026-12-05",
        "last": "999998",
        "first": "0",
    },
    "meters:fee": lambda f: {"kind": "tap", "paid_on": "2026-09-01", "amount": "100.00"},
    "meters:order_new": lambda f: {
        "kind": "investigate",
        "location": f["location_code"],
        "due_on": "2026-10-01",
    },
    "meters:order_change": lambda f: {"due_on": "2026-10-02", "what": "Trial"},
    "meters:order_complete": lambda f: {"done_on": "2026-10-01", "findings": "Trial"},
    "meters:order_cancel": _why,
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
    "customers:service_change": lambda f: {"starts": "2026-10-01", "units": "2"},
    "customers:open": _account,
    "customers:bank_draft_new": lambda f: {**_BANK, "number": "000123456789", **_SIGNED},
    "customers:bank_draft": lambda f: {**_BANK, **_SIGNED, "ends": "2026-10-01"},
    "core:reveal": lambda f: {"reason": "Asked by the agency"},
    "api:reveal": lambda f: {"reason": "Asked by the agency"},
    "api:account_bank_drafts": lambda f: {
        **_BANK,
        "number": "000123456789",
        **_SIGNED,
        "starts": "2030-01-01",
    },
    "api:bank_draft": lambda f: {"holder": "Trial"},
    "customers:note_new": lambda f: {"text": "Trial"},
    "customers:note_unpin": _nothing,
    "customers:record_reset": lambda f: {"reason": "Trial", "seen": "1"},
    "api:payment_record_reset": lambda f: {"reason": "Trial", "on": "2026-10-01"},
    "customers:move_out": lambda f: {"on": "2026-12-31"},
    "customers:move_in_new": _account,
    "customers:move_in_withdraw": _nothing,
    "customers:earlier": lambda f: {"ssn": "078-05-1120"},
    "customers:landlord_": lambda f: {"name": "Trial", **_ADDRESS},
    "customers:company_": lambda f: {"name": "Trial", **_ADDRESS},
    "customers:holding_new": lambda f: {"location": f["location_code"], "starts": "2026-10-01"},
    "customers:holding": lambda f: {"reverts": "on"},
    "api:account_notes": lambda f: {"text": "Trial"},
    "api:note_unpin": _nothing,
    "api:account_end": lambda f: {"on": "2026-12-31"},
    "customers:move_in_change": lambda f: {"starts": "2026-12-02"},
    "api:move_in": lambda f: {"starts": "2026-12-02"},
    "api:move_ins": lambda f: {
        "location_id": f["location_id"],
        "customer_id": f["customer_id"],
        "starts": "2026-12-01",
    },
    "api:move_in_withdraw": _nothing,
    "api:earlier_bills": lambda f: {"ssn": "078-05-1120"},
    "api:landlords": lambda f: {"name": "Trial", **_ADDRESS},
    "api:landlord": lambda f: {"name": "Trial"},
    "api:landlord_holdings": lambda f: {"location_id": f["location_id"], "starts": "2026-10-01"},
    "api:holding": lambda f: {"reverts": True},
    "api:companies": lambda f: {"name": "Trial", **_ADDRESS},
    "api:company": lambda f: {"name": "Trial"},
    "customers:account_change": lambda f: {"category": "residential", "units": "2"},
    "customers:alternate_address": lambda f: {**_ADDRESS, "line_1": "9 Elm St"},
    "customers:customer_new": lambda f: {**_PERSON, "name": f"Trial {uuid4().hex[:8]}"},
    "customers:customer_change": lambda f: _PERSON,
    "customers:guarantor": lambda f: {**_ADDRESS, "name": "Gus Guarantor"},
    "customers:guarantor_release": _nothing,
    "core:code_new": lambda f: {"kind": "zone", "code": f"T{uuid4().hex[:8]}", "name": "Trial"},
    "core:code": lambda f: {"name": "Trial", "is_live": "on"},
    "meters:location_change": lambda f: {**_PLACE, "route": f["route_id"]},
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
    **WRITE_OFF_BODIES,
    **HISTORY_BODIES,
    **DEPOSIT_BODIES,
    **WHAT_IF_BODIES,
    "ledger:period_new": lambda f: {"starts": "2025-01-01", "ends": "2025-01-31"},
    "ledger:period_close": _nothing,
    "reports:make": lambda f: {"form": "csv"},
    "reports:favourite": lambda f: {"wanted": "1"},
    "interchange:upload": _read_file,
    "interchange:": _nothing,
    "api:meters": lambda f: {"number": f"T{uuid4().hex[:8]}", "registers": [{"unit": "GAL"}]},
    "api:meter": lambda f: {"style": "Trial"},
    "api:readings_enter": lambda f: {
        "readings": [{"register_id": f["register_id"], "on": "2026-10-02", "dial": "1"}]
    },
    "meters:held_reading": lambda f: {"decision": "drop", "why": "Trial"},
    "meters:range_new": lambda f: {"service_type": "water", "unit": "GAL", "low": "1", "high": "9000"},
    "meters:range": lambda f: {"low": "2", "high": "9000"},
    "api:held_reading_take": lambda f: {"why": "Trial"},
    "api:held_reading_drop": lambda f: {"why": "Trial"},
    "api:use_ranges": lambda f: {"service_type": "water", "unit": "GAL", "low": "1", "high": "9000"},
    "api:reading_correct": lambda f: {"dial": "1", "why": "Trial"},
    "api:route_order": lambda f: {
        "seen": "x",
        "places": [{"location_id": f["location_id"], "sequence": 10}],
    },
    "api:route_move": lambda f: {"location_ids": [f["location_id"]], "to_route": f["route_id"]},
    "api:meter_install": lambda f: {
        "location_id": f["location_id"],
        "point": f"T{uuid4().hex[:8]}",
        "on": "2026-10-01",
        "dials": [{"dial": "0"}],
    },
    "api:meter_remove": lambda f: {"on": "2020-01-01", "dials": [{"dial": "999998"}]},
    "api:meter_exchange": lambda f: {
        "on": "2026-12-05",
        "last": [{"dial": "999998"}],
        "meter": {"number": f"T{uuid4().hex[:8]}"},
    },
    "api:point_fees": lambda f: {"kind": "tap", "paid_on": "2026-09-01", "amount": "100.00"},
    "api:work_orders": lambda f: {
        "kind": "investigate",
        "location_id": f["location_id"],
        "due_on": "2026-10-01",
    },
    "api:work_order": lambda f: {"what": "Trial"},
    "api:work_order_complete": lambda f: {"done_on": "2026-10-01", "findings": "Trial"},
    "api:work_order_cancel": lambda f: {"why": "Trial"},
    "customers:container_new": lambda f: {**_CONTAINER, **_serial(), "location": f["location_code"]},
    "customers:container_change": lambda f: {**_CONTAINER, **_serial()},
    "customers:container_move": lambda f: {"on": "2026-10-05", "location": f["location_code"]},
    "customers:container_service": lambda f: {"on": "2026-09-20"},
    "api:containers": lambda f: {**_CONTAINER, **_serial(), "location_id": f["location_id"]},
    "api:container": lambda f: {"owner": "rent"},
    "api:container_move": lambda f: {"on": "2026-10-06", "location_id": f["location_id"]},
    "api:container_service": lambda f: {"on": "2026-09-20"},
    "api:policy": lambda f: {"value": "21", "starts": "2026-10-01"},
    "api:job_": _nothing,
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
    "api:customer": lambda f: {"employer": "Mill"},
    "api:guarantor": lambda f: {**_ADDRESS, "name": "Gus Guarantor"},
    "api:account_file": lambda f: {"units": 2},
    "api:alternate_address": lambda f: {**_ADDRESS, "bills_go_there": True},
    "api:location_file": lambda f: {"city": "Oak Hollow"},
    "api:codes": lambda f: {"kind": "zone", "code": f"T{uuid4().hex[:8]}", "name": "Trial"},
    "api:account_services": lambda f: {"rate_id": f["rate_id"], "starts": "2026-10-01"},
    "api:service": lambda f: {"units": "2"},
    "api:account_taxes": lambda f: {"codes": []},
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
    *(WRITE_OFFS_NAME_OTHERS | DEPOSITS_NAME_OTHERS),
    "customers:move_in_new",
    "customers:holding_new",
    "api:move_ins",
    "api:landlord_holdings",
    "collections:drawer_open",
    "api:drawer_sessions",
    "customers:open",
    "billing:run_open",
    "collections:counter",
    "api:readings",
    "api:account_services",
    "api:work_orders",
    "meters:order_new",
    "api:meter_install",
    "customers:container_new",
    "customers:container_move",
    "api:containers",
    "api:what_ifs",
    "api:container_move",
    "meters:meter_install",
    "meters:enter_line",
    "meters:route_order",
    "meters:route_move",
    "api:readings_enter",
    "api:route_order",
    "api:route_move",
    "api:accounts",
    "api:runs",
    "api:payments",
    "api:adjustments",
    "collections:receipt_return",
}
"""Routes whose body names rows by id, number or code."""
