"""How each address is asked: what fills its parameters, and what is posted to it.

Nothing is listed that an address tells itself: a parameter is filled by the fact of its name, and only
where a name means several things is it said here which.  What is posted stands under the route's name; a
route with a parameter or a body that is not known here fails its test.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections, transaction
from django.test import Client

from billing.models import Bill, BillAlarm, Cycle, Run
from collections_app.models import Drawer, DrawerSession, Payment, Receipt
from collections_app.operations import Tendered, ToAccount, post_payment
from config.town.month import read_file
from core.models import Job, Membership, PartnerKey, Role, Schedule
from core.money import parse_amount
from core.tenancy import scope
from core.web.route_table import Route
from core.work.schedules import create_schedule, schedulable
from customers.models import Account, Customer, Service
from interchange.pipeline import receive_file
from ledger.adjustments import propose_adjustment
from ledger.models import Adjustment, Charge, ChartAccount, FiscalPeriod, Journal, RevenueCode
from ledger.periods import add_period
from meters.models import Location, Meter, Register
from meters.models import Route as WalkRoute
from rates.models import RateTable, RateVersion
from tests.world.desk import open_till
from tests.world.partners import Partner
from tests.world.towns import FIRST, Town

Facts = dict[str, Any]

UNOWNED: Facts = {
    "uidb64": "MQ",
    "token": "no-token",
    "rest": "nothing/here/",
    "form": "roll",
    "policy": "billing.due_days",
    "report": "trial-balance",
    "check_code": "charges",
}
"""Parameters that are the same for every utility."""

MEANT = {
    "core:policy": {"code": "policy"},
    "api:policy": {"code": "policy"},
    "reports:": {"code": "report"},
    "meters:location": {"code": "location_code"},
    "meters:meter": {"number": "meter_number"},
    "api:report": {"code": "report"},
    "rates:": {"code": "rate_code"},
    "customers:": {"number": "account_number"},
    "billing:run_check": {"code": "check_code"},
    "api:run_check": {"code": "check_code"},
    "billing:run_": {"number": "account_number"},
    "billing:bill": {"number": "bill_number"},
    "billing:account_": {"number": "account_number"},
    "ledger:account_": {"number": "account_number"},
    "ledger:adjust": {"number": "account_number"},
    "collections:receipt": {"number": "receipt_number"},
}
"""Where a parameter's name says too little: by the beginning of the route's name."""

ASKED = {
    "collections:counter_owed": "?account={account_number}&amount=1",
    "customers:service_new": "?rate={rate_code}",
}
"""What a page cannot be shown without, after its path."""

TODAY = date(2026, 10, 2)


def prepared(town: Town, mark: str, numbers_from: int) -> Facts:
    """A town with one of everything that an address may name.

    Two towns share no code and no number: ``mark`` is in its codes, bills and receipts begin anew at
    ``numbers_from``.
    """
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE billing_bill SET number = number + %s WHERE tenant_id = %s",
            [numbers_from, town.utility.id],
        )
        cursor.execute(
            "INSERT INTO core_counter (tenant_id, series, next) VALUES (%s, 'receipt:counter', %s)",
            [town.utility.id, numbers_from + 1],
        )
    partner = Partner(town, name=f"{mark} Partner")
    open_till(town)
    with scope(town.utility.id):
        account = town.account("100001")
        paid = parse_amount("5.00")
        receipt = post_payment(
            town.clerk,
            tenders=[Tendered("check", paid)],
            accounts=[ToAccount(account.id, paid)],
            on=date(2026, 9, 10),
        )
        reads = read_file(town.plan, town.houses, FIRST, 1).replace(b"M100002", b"M000000")
        add_period(town.supervisor, starts=date(2024, 1, 1), ends=date(2024, 2, 1))
        propose_adjustment(
            town.clerk,
            account_id=account.id,
            kind="credit",
            amount=paid,
            revenue_code="OTHER",
            reason="Courtesy",
            text="Trial",
            on=date(2026, 9, 10),
        )
        file = receive_file(town.billing, feed="meter_reads", name="reads.csv", content=reads, today=TODAY)
        nightly = {"every": "day", "at": "02:00"}
        create_schedule(town.system, name="Nightly", kind=schedulable()[0].code, rule=nightly)
        with transaction.atomic():
            found = _facts(town, account, mark)
    return {**UNOWNED, **found, "receipt_id": receipt, "import_id": file, "partner": partner, "mark": mark}


def _facts(town: Town, account: Account, mark: str) -> Facts:
    """Ids of the scope's rows, whose codes are marked first: else those of two towns were the same."""
    Account.objects.filter(id=account.id).update(number=f"{mark}100001")
    Meter.objects.filter(number="M100001").update(number=f"{mark}M")
    Location.objects.filter(id=account.location_id).update(code=f"{mark}L")
    RateTable.objects.filter(code="WATER").update(code=f"{mark}W")
    run = Run.objects.get()
    return {
        "account_id": account.id,
        "account_number": f"{mark}100001",
        "location_id": account.location_id,
        "location_code": f"{mark}L",
        "customer_id": account.customer_id,
        "meter_id": Meter.objects.get(number=f"{mark}M").id,
        "meter_number": f"{mark}M",
        "register_id": Register.objects.get(meter__number=f"{mark}M").id,
        "service_id": Service.objects.filter(account=account).values_list("id", flat=True)[0],
        "rate_id": RateTable.objects.get(code=f"{mark}W").id,
        "rate_code": f"{mark}W",
        "version_id": RateVersion.objects.get(table__code=f"{mark}W").id,
        "run_id": run.id,
        "cycle_id": Cycle.objects.get().id,
        "job_id": Job.objects.latest("id").id,
        "journal_id": Journal.objects.latest("id").id,
        "charge_id": Charge.objects.filter(account=account).latest("id").id,
        "bill_id": Bill.objects.get(account=account).id,
        "bill_number": Bill.objects.get(account=account).number,
        "alarm_id": BillAlarm.objects.create(
            bill=Bill.objects.get(account=account), found_on=FIRST, posted=0, detail=f"{mark} alarm"
        ).id,
        "receipt_number": Receipt.objects.get().number,
        "payment_id": Payment.objects.get().id,
        "adjustment_id": Adjustment.objects.latest("id").id,
        "period_id": FiscalPeriod.objects.latest("id").id,
        "drawer_id": Drawer.objects.earliest("id").id,
        "session_id": DrawerSession.objects.get().id,
        "route_id": WalkRoute.objects.earliest("id").id,
        "drawer_account_id": ChartAccount.objects.get(role="drawer").id,
        "chart_account_id": ChartAccount.objects.get(code="4700").id,
        "revenue_code_id": RevenueCode.objects.get(code="OTHER").id,
        "schedule_id": Schedule.objects.earliest("id").id,
        "operator_id": Membership.objects.get(utility=town.utility, role_code="viewer").operator_id,
        "key_id": PartnerKey.objects.latest("id").id,
        "customer_name": Customer.objects.get(id=account.customer_id).name,
    }


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


class NotInTheTable(AssertionError):
    """A route that nobody has said how to ask."""


def _body_of(name: str) -> Body | None:
    """By the whole name, or by the longest beginning that fits."""
    fitting = [k for k in BODIES if name == k or (k.endswith((":", "_")) and name.startswith(k))]
    return BODIES[max(fitting, key=len)] if fitting else None


def address(route: Route, facts: Facts) -> str:
    """The route's path with its parameters filled."""
    meant = next((MEANT[key] for key in sorted(MEANT, reverse=True) if route.name.startswith(key)), {})
    path = ""
    for piece in route.path.replace(">", "<").split("<"):
        kind, _, name = piece.partition(":")
        if kind not in ("int", "str", "slug", "path"):
            path += piece
            continue
        fact = meant.get(name, name)
        if fact not in facts:
            raise NotInTheTable(f"{route.path}: say in tests/world/routes.py what fills “{name}”.")
        path += str(facts[fact])
    return path + ASKED.get(route.name, "").format(**facts)


def body(route: Route, facts: Facts) -> Facts | None:
    """What is posted to the route; ``None`` for a GET."""
    if route.method == "GET":
        return None
    made = _body_of(route.name)
    if made is None:
        raise NotInTheTable(f"{route.path}: say in tests/world/routes.py what is posted to “{route.name}”.")
    return made(facts)


def parameters(route: Route) -> Iterator[str]:
    """The facts that fill the route's parameters and belong to a utility."""
    meant = next((MEANT[key] for key in sorted(MEANT, reverse=True) if route.name.startswith(key)), {})
    for piece in route.path.replace(">", "<").split("<")[1::2]:
        name = meant.get(piece.partition(":")[2], piece.partition(":")[2])
        if name not in UNOWNED:
            yield name


@dataclass
class Asker:
    """Somebody who sends requests: a browser, or a partner system by its key."""

    client: Client
    bearer: str = ""

    def ask(self, route: Route, path: str, sent: Facts | None = None) -> int:
        """The status of the answer; a fault of the site is 500 and is not raised."""
        self.client.raise_request_exception = False
        headers = {"authorization": f"Bearer {self.bearer}"} if self.bearer else {}
        if route.method == "GET":
            answer = self.client.get(path, headers=headers)
        elif route.is_api and "file" not in (sent or {}):
            headers |= {"idempotency-key": str(uuid4())}
            answer = self.client.generic(
                route.method, path, json.dumps(sent), "application/json", headers=headers
            )
        else:
            key = {} if route.is_api else {"idempotency_key": str(uuid4())}
            headers |= {"idempotency-key": str(uuid4())} if route.is_api else {}
            answer = self.client.post(path, {**(sent or {}), **key}, headers=headers)
        answer.close()
        self.answer = answer
        return int(answer.status_code)


def give_rights(town: Town, facts: Facts, rights: list[str]) -> None:
    """Let the town's role “trial” and its partner have exactly these rights."""
    with scope(town.utility.id), transaction.atomic():
        Role.objects.filter(code="trial").update(permissions=rights)
        PartnerKey.objects.filter(id=facts["key_id"]).update(permissions=rights)
