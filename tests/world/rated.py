"""A rate put in force, a service on it, its meter and readings, and the months billed: for tests of rates."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from billing.bills import bill_numbered
from billing.explaining import Explanation, explain_bill
from billing.holds import release_bill
from billing.models import Bill, PreparedBill
from billing.what_if.operations import ask_retroactive
from billing.what_if_models import WhatIf
from config.town.month import bill_month, work_until_idle
from core.tenancy import scope
from customers.models import Account, Service
from customers.operations import add_service
from ledger.models import Charge
from meters.models import Installation, Meter, Reading, Register, ServicePoint
from meters.operations import NewReading, record_batch
from rates.operations import activate_version, create_table, draft_version
from tests.world.towns import Town

FIRST_DAY = date(2020, 1, 1)
SEPTEMBER, OCTOBER, NOVEMBER, DECEMBER = (date(2026, month, 1) for month in (9, 10, 11, 12))
WHY = "Only these accounts of the cycle are read"


def put_in_force(town: Town, table: int, content: Mapping[str, Any], starts: date = FIRST_DAY) -> int:
    """A version entered by one person and put in force by another; its id."""
    draft = draft_version(town.admin, table_id=table, content=dict(content), starts=starts)
    activate_version(town.supervisor, version_id=draft)
    return draft


def put_in_force_late(town: Town, table: int, content: Mapping[str, Any], starts: date) -> int:
    """The same of a version whose days were billed: put in force when it was seen what that means."""
    draft = draft_version(town.admin, table_id=table, content=dict(content), starts=starts)
    looked = ask_retroactive(town.supervisor, version_id=draft)
    work_until_idle()
    with transaction.atomic():
        mark = WhatIf.objects.get(id=looked).mark
    activate_version(town.supervisor, version_id=draft, seen=mark)
    return draft


def new_rate(town: Town, code: str, content: Mapping[str, Any]) -> int:
    """A table with that content since long ago; its id."""
    kind = content["service_type"]
    table = create_table(town.admin, code=code, name=content["name"], service_type=kind)
    put_in_force(town, table, content)
    return table


def only_these(account: Account) -> None:
    """End the account's services on the first of September, so that a bill shows the new ones alone."""
    with transaction.atomic():
        Service.objects.filter(account=account).update(ends=SEPTEMBER)


def install(
    account: Account, kind: str, units: Mapping[str, str], since: date = SEPTEMBER, multiplier: int = 1
) -> tuple[int, dict[str, int]]:
    """A meter at the account's place that shows 0 on a day: its service point, its registers by code."""
    with transaction.atomic():
        point = ServicePoint.objects.create(
            location_id=account.location_id, code=f"9{kind}", service_type=kind
        )
        meter = Meter.objects.create(number=f"X{kind}{account.number}", size="5/8", service_type=kind)
        Installation.objects.create(service_point=point, meter=meter, starts=since)
        registers = {}
        for code, unit in units.items():
            made = Register.objects.create(meter=meter, code=code, unit=unit, multiplier=multiplier)
            Reading.objects.create(register=made, on=since, dial=0, source="I")
            registers[code] = made.id
    return point.id, registers


def read(town: Town, register: int, shown: Mapping[date, str]) -> None:
    """The register shows so much on these days."""
    rows = [NewReading(register, on, Decimal(dial)) for on, dial in shown.items()]
    record_batch(town.system, rows=rows, came_from="test")


def serve(town: Town, account: Account, rate: int, point: int | None = None, **more: Any) -> int:
    """A service of that rate from September on, or as ``more`` says; its id."""
    starts = more.pop("starts", SEPTEMBER)
    asked = {"account_id": account.id, "rate_id": rate, "starts": starts, "service_point_id": point}
    return int(add_service(town.clerk, **asked, **more))


def came_billed(service: int, since: date, to: date = SEPTEMBER) -> None:
    """Another system had billed the service to that day."""
    with transaction.atomic():
        Service.objects.filter(id=service).update(starts=since, billed_to=to, came_billed_to=to)


def bill(town: Town, starts: date = SEPTEMBER, ends: date = OCTOBER, released: str = "") -> int:
    """Bill the cycle as two people would, one account's bill released if it is held; the run's id."""

    def work() -> None:
        work_until_idle()
        with scope(town.utility.id), transaction.atomic():
            held = PreparedBill.objects.filter(account__number=released, state="held", run__starts=starts)
            rows = list(held.values_list("run_id", "account_id"))
        for run_id, account_id in rows:
            with scope(town.utility.id):
                release_bill(town.supervisor, run_id=run_id, account_id=account_id, why="Looked at")

    return bill_month(town.billing, town.supervisor, starts=starts, ends=ends, let_pass=WHY, work=work)


def bill_of(town: Town, account: Account, starts: date = SEPTEMBER) -> Bill:
    """The account's live bill of that month."""
    with scope(town.utility.id), transaction.atomic():
        return Bill.objects.get(account=account, run__starts=starts, is_live=True)


def charged(town: Town, account: Account, starts: date = SEPTEMBER) -> dict[str, Decimal]:
    """Its charges by component."""
    journal = bill_of(town, account, starts).journal_id
    with scope(town.utility.id), transaction.atomic():
        return dict(Charge.objects.filter(journal=journal).values_list("component", "amount"))


def explained(town: Town, account: Account, starts: date = SEPTEMBER) -> Explanation:
    """The bill explained to somebody who may see everything."""
    number = bill_of(town, account, starts).number
    with scope(town.utility.id), transaction.atomic():
        return explain_bill(bill_numbered(number), lambda right: True)


def fixed(component: str, amount: str, **more: Any) -> dict[str, Any]:
    """A fixed charge."""
    text = component.replace("_", " ").capitalize()
    return {"id": component, "kind": "fixed", "text": text, "revenue_code": "WATER", "amount": amount, **more}


def table(service_type: str, components: Sequence[Mapping[str, Any]], **more: Any) -> dict[str, Any]:
    """A rate table."""
    name = f"Town {service_type}"
    return {"name": name, "service_type": service_type, "components": list(components), **more}
