"""How each address is asked: what fills its parameters, and what is posted to it.

Nothing is listed that an address tells itself: a parameter is filled by the fact of its name, and only
where a name means several things is it said here which.  What is posted stands under the route's name; a
route with a parameter or a body that is not known here fails its test.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import uuid4

from django.db import connections, transaction
from django.test import Client

from billing.models import Bill, BillAlarm, Cycle, Run
from collections_app.models import Drawer, DrawerSession, Payment, Receipt
from collections_app.operations import Tendered, ToAccount, post_payment
from config.town.month import read_file
from core.codes import put_code
from core.models import Code, Job, Membership, PartnerKey, Role, Schedule
from core.money import parse_amount
from core.tenancy import scope
from core.web.route_table import Route
from core.work.schedules import create_schedule, schedulable
from customers.account_file import put_alternate_address
from customers.customer_file import put_guarantor
from customers.models import Account, Customer, Service
from interchange.pipeline import receive_file
from ledger.adjustments import propose_adjustment
from ledger.models import Adjustment, Charge, ChartAccount, FiscalPeriod, Journal, RevenueCode
from ledger.periods import add_period
from meters.containers import add_container
from meters.entry import TypedReading
from meters.models import Installation, Location, Meter, Reading, Register, ServicePoint, WorkOrder
from meters.models import Route as WalkRoute
from meters.orders import make_order
from meters.ranges import put_range
from meters.taking import take_readings
from rates.models import RateTable, RateVersion
from tests.world.bodies import BODIES, Body, Facts
from tests.world.comings import comings
from tests.world.desk import open_till
from tests.world.partners import Partner
from tests.world.towns import FIRST, Town
from tests.world.what_ifs import a_what_if

UNOWNED: Facts = {
    "uidb64": "MQ",
    "token": "no-token",
    "rest": "nothing/here/",
    "form": "roll",
    "policy": "billing.due_days",
    "report": "trial-balance",
    "check_code": "charges",
    "kind": "zone",
    "column": "customers_customer.ssn",
}
"""Parameters that are the same for every utility."""

MEANT = {
    "core:policy": {"code": "policy"},
    "api:policy": {"code": "policy"},
    "reports:": {"code": "report"},
    "meters:location": {"code": "location_code"},
    "meters:meter": {"number": "meter_number"},
    "meters:order": {"number": "order_number"},
    "meters:rate_range": {"code": "rate_code"},
    "api:report": {"code": "report"},
    "rates:": {"code": "rate_code"},
    "what_if:clauses": {"code": "rate_code"},
    "what_if:bill": {"number": "bill_number"},
    "customers:": {"number": "account_number"},
    "core:reveal": {"ref": "customer_id"},
    "api:reveal": {"ref": "customer_id"},
    "billing:run_check": {"code": "check_code"},
    "api:run_check": {"code": "check_code"},
    "billing:run_": {"number": "account_number"},
    "billing:bill": {"number": "bill_number"},
    "billing:account_": {"number": "account_number"},
    "ledger:account_": {"number": "account_number"},
    "ledger:write_off_new": {"number": "account_number"},
    "ledger:deposit_": {"number": "account_number"},
    "collections:deposit": {"number": "account_number"},
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
PLACE = {"line_1": "1 Elm St", "city": "Town", "state": "IA", "zip_code": "51501"}


def prepared(town: Town, mark: str, numbers_from: int) -> Facts:
    """A town with one of everything that an address may name.

    Two towns share no code and no number: ``mark`` is in its codes, bills and receipts begin anew at
    ``numbers_from``.
    """
    _begin_numbers(town, numbers_from)
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
        office = _of_the_office(town, account, mark)
        create_schedule(town.system, name="Nightly", kind=schedulable()[0].code, rule=nightly)
        coming = comings(town, mark)
        with transaction.atomic():
            found = {**_facts(town, account, mark), **coming}
    return {
        **UNOWNED,
        **found,
        **office,
        "receipt_id": receipt,
        "import_id": file,
        "partner": partner,
        "mark": mark,
    }


def _begin_numbers(town: Town, numbers_from: int) -> None:
    """Bills, receipts and work orders are numbered from there on."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "UPDATE billing_bill SET number = number + %s WHERE tenant_id = %s",
            [numbers_from, town.utility.id],
        )
        cursor.execute(
            "INSERT INTO core_counter (tenant_id, series, next) VALUES (%s, 'receipt:counter', %s)",
            [town.utility.id, numbers_from + 1],
        )
        cursor.execute(
            "INSERT INTO core_counter (tenant_id, series, next) VALUES (%s, 'work_order', %s)",
            [town.utility.id, numbers_from + 1],
        )


def _of_the_office(town: Town, account: Account, mark: str) -> Facts:
    """A code, a guarantor, another address, a container and a work order; the ids of the last two."""
    put_code(town.admin, kind="zone", code=f"{mark}Z", name=f"{mark} zone")
    put_guarantor(town.clerk, customer_id=account.customer_id, fields={**PLACE, "name": f"{mark} Guarantor"})
    put_alternate_address(town.clerk, account_id=account.id, fields=PLACE)
    container = add_container(
        town.supervisor,
        texts={"serial": f"{mark}C", "kind": "garbage"},
        owner="municipal",
        received_on=date(2026, 9, 1),
        location_id=account.location_id,
        today=TODAY,
    )
    order = make_order(
        town.clerk, kind="investigate", location_id=account.location_id, due_on=date(2026, 9, 10)
    )
    return {"container_id": container, "order_id": order, **_of_readings(town, account)}


def _of_readings(town: Town, account: Account) -> Facts:
    """A normal range, and a reading that does not fit its dials and waits; their ids."""
    register = Register.objects.filter(
        meter__in=Installation.objects.filter(service_point__location=account.location_id).values("meter")
    )
    with transaction.atomic():
        first = register.earliest("id").id
    row = TypedReading(first, date(2026, 9, 20), parse_amount("99999999999.00"))
    (told,) = take_readings(town.billing, rows=[row], today=TODAY)
    kept = put_range(town.billing, service_type="water", unit="CCF", high=parse_amount("50000.00"))
    return {"held_id": told["held_id"], "range_id": kept}


def _facts(town: Town, account: Account, mark: str) -> Facts:
    """Ids of the scope's rows, whose codes are marked first: else those of two towns were the same."""
    Account.objects.filter(id=account.id).update(number=f"{mark}100001")
    Meter.objects.filter(number="M100001").update(number=f"{mark}M")
    Location.objects.filter(id=account.location_id).update(code=f"{mark}L")
    RateTable.objects.filter(code="WATER").update(code=f"{mark}W")
    run = Run.objects.get()
    return {
        "account_id": account.id,
        "code_id": Code.objects.latest("id").id,
        "account_number": f"{mark}100001",
        "location_id": account.location_id,
        "location_code": f"{mark}L",
        "customer_id": account.customer_id,
        "meter_id": Meter.objects.get(number=f"{mark}M").id,
        "meter_number": f"{mark}M",
        "register_id": Register.objects.get(meter__number=f"{mark}M").id,
        "order_number": WorkOrder.objects.get().number,
        "reading_id": Reading.objects.filter(register__meter__number=f"{mark}M").latest("id").id,
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
        "point_id": ServicePoint.objects.filter(location=account.location_id).earliest("id").id,
        "drawer_account_id": ChartAccount.objects.get(role="drawer").id,
        "chart_account_id": ChartAccount.objects.get(code="4700").id,
        "revenue_code_id": RevenueCode.objects.get(code="OTHER").id,
        "schedule_id": Schedule.objects.earliest("id").id,
        "operator_id": Membership.objects.get(utility=town.utility, role_code="viewer").operator_id,
        "key_id": PartnerKey.objects.latest("id").id,
        "customer_name": Customer.objects.get(id=account.customer_id).name,
        **a_what_if(town, account, f"{mark}W", mark),
    }


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
        if kind not in ("int", "str", "slug", "path", "anything"):
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
