"""A what-if of a town, done, and what must be there before one is asked or thrown away."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from billing.models import Bill, Run
from billing.what_if.rerating import Changed, Outcome
from billing.what_if.sums import Figures
from billing.what_if_models import WhatIf, WhatIfBill, WhatIfTable
from config.town.month import work_until_idle
from core.tenancy import scope
from customers.models import Account
from rates.models import RateTable, RateVersion
from tests.world.towns import FIRST, Town

if TYPE_CHECKING:
    from tests.world.api_desk import Desk

Facts = dict[str, Any]


def a_what_if(town: Town, account: Account, code: str, mark: str) -> Facts:
    """A what-if over the account's bill, under a version in force; its id.  Needs a transaction."""
    version = RateVersion.objects.get(table__code=code)
    bill = Bill.objects.get(account=account)
    figures = Figures()
    changed = (Changed("water", bill.charges, bill.charges + 1),)
    new = bill.charges + 1
    one = Outcome(
        bill.id, bill.charges, new, "residential", code, Decimal(5), town.plan.unit, changed, touched=True
    )
    figures.count(one, Decimal(2000))
    kept = WhatIf.objects.create(
        name=f"{mark} trial",
        basis="since",
        basis_text="Trial",
        runs=list(Run.objects.values_list("id", flat=True)),
        bills=1,
        version=version,
        figures=figures.as_json(),
        made_by=town.billing.ref,
        made_at=version.made_at,
    )
    WhatIfTable.objects.create(
        what_if=kept,
        table=version.table,
        version=version,
        content=version.content,
        content_hash=version.content_hash,
    )
    WhatIfBill.objects.create(
        what_if=kept, bill=bill, category="residential", rate_code=code, use=Decimal(5), unit=town.plan.unit,
        old=bill.charges, new=new, change=new - bill.charges, touched=True,
    )  # fmt: skip
    return {"what_if_id": kept.id}


def _refuse(desk: Desk) -> int:
    """The refuse rate's id: unlike the water's, its code is still the one that its bills were priced by."""
    with scope(desk.town.utility.id), transaction.atomic():
        return int(RateTable.objects.get(code="REFUSE").id)


def a_question(desk: Desk) -> Facts:
    """What is asked of bills that the rate priced."""
    return {"body": {"name": "Trial", "tables": [{"rate_id": _refuse(desk), "percent": "4"}]}}


def a_what_if_to_throw_away(desk: Desk) -> Facts:
    """A what-if that is done, on nobody's confirmation."""
    made = desk.made("what-ifs/", a_question(desk)["body"])
    work_until_idle()
    return {"what_if_id": made["id"]}


def a_draft_of_the_past(desk: Desk) -> Facts:
    """A draft that starts before bills that were posted."""
    rate = _refuse(desk)
    with scope(desk.town.utility.id), transaction.atomic():
        content = RateVersion.objects.filter(table=rate, state="active").earliest("starts").content
    sent = {"starts": str(FIRST), "content": content, "source": "Ordinance 12"}
    return {"version_id": desk.made(f"rates/{rate}/versions/", sent)["id"], "body": {}}


WHAT_IFS_READY: dict[str, Callable[[Desk], Facts]] = {
    "POST api:what_ifs": a_question,
    "DELETE api:what_if": a_what_if_to_throw_away,
    "POST api:rate_version_what_if": a_draft_of_the_past,
}
"""What must be there before an operation, by its method and name."""
