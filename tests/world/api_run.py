"""The steps of a run, each made ready for the operation of the API that takes it further."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from config.town.month import record_month, work_until_idle
from core.tenancy import scope
from tests.world.bodies import Facts
from tests.world.desk import cycle_of
from tests.world.towns import FIRST

if TYPE_CHECKING:
    from tests.world.api_desk import Desk

SEPTEMBER = {"starts": "2026-09-01", "ends": "2026-10-01", "bill_on": "2026-10-01"}


def a_month(desk: Desk) -> Facts:
    """What opens the run of September."""
    with scope(desk.town.utility.id):
        return {"body": {"cycle_id": cycle_of(desk.town), **SEPTEMBER}}


def an_open_run(desk: Desk) -> Facts:
    """The run of September, open."""
    made = desk.made("runs/", a_month(desk)["body"], desk.other)
    return {"run_id": made["run"]["id"], "body": {"why": "Seen"}}


def the_run(desk: Desk) -> Facts:
    """The run that is at work, with the fingerprint of its charges."""
    run = desk.partner.first("runs/")
    return {"run_id": run["id"], "body": {"seen": run["fingerprint"], "why": "Seen"}}


def a_read_run(desk: Desk) -> Facts:
    """The run at work, its readings in but for some houses: more are held than the town lets pass."""
    with scope(desk.town.utility.id):
        record_month(desk.town.system, desk.town.plan, desk.town.houses[1:5], FIRST, 1)
    desk.made(f"runs/{the_run(desk)['run_id']}/cancel/", {"why": "Opened by whom approves it"})
    return an_open_run(desk)


def a_prepared_run(desk: Desk) -> Facts:
    """The run, its bills worked out; one of them, good or held as the step wants."""
    work_until_idle()
    return {**the_run(desk), "account_id": desk.town.account("100003").id}


def a_stopping_check(desk: Desk) -> Facts:
    """A check that stops the run."""
    found = the_run(desk)
    checks = desk.partner.get(f"runs/{found['run_id']}/")["checks"]
    return {**found, "check_code": [c["code"] for c in checks if c["stops"]][0]}


def a_passed_run(desk: Desk) -> Facts:
    """The run, all its checks let through."""
    found = the_run(desk)
    for check in desk.partner.get(f"runs/{found['run_id']}/")["checks"]:
        if check["stops"]:
            desk.made(f"runs/{found['run_id']}/checks/{check['code']}/pass/", {"why": "Seen"})
    return the_run(desk)


def a_run_reviewed_by_another(desk: Desk) -> Facts:
    """The run as somebody else has reviewed it."""
    found = the_run(desk)
    desk.made(f"runs/{found['run_id']}/review/", found["body"], desk.other)
    return found


def worked(desk: Desk) -> Facts:
    """The run after its last job."""
    work_until_idle()
    return {**the_run(desk), "body": {}}


RUN_STEPS: dict[str, Callable[[Desk], Facts]] = {
    "POST api:run_cancel": an_open_run,
    "POST api:runs": a_month,
    "POST api:run_prepare": a_read_run,
    "GET api:run_bills": a_prepared_run,
    "POST api:run_bill_hold": a_prepared_run,
    "POST api:run_bill_release": a_prepared_run,
    "POST api:run_check_pass": a_stopping_check,
    "POST api:run_review": a_passed_run,
    "POST api:run_approve": a_run_reviewed_by_another,
    "POST api:run_post": worked,
    "POST api:run_print": worked,
    "GET api:run_pdf": worked,
}
"""What must be there before a step, by the operation's method and name."""
