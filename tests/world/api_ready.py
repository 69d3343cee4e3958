"""What must be there before an operation of the API can be done; each step makes it anew.

A step gives facts that stand for those of the town, and under ``body`` what is sent, where that is not
what is posted to the address elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import transaction

from billing.cycles import change_cycle
from config.town.month import work_until_idle
from core.tenancy import scope
from ledger.periods import close_period
from meters.models import Reading, ServicePoint
from meters.routes import add_route
from tests.world.api_run import RUN_STEPS
from tests.world.bodies import Facts
from tests.world.deposit_bodies import DEPOSITS_READY
from tests.world.desk import cycle_of
from tests.world.purges import close_until
from tests.world.rates_ready import RATES_READY
from tests.world.what_ifs import WHAT_IFS_READY

if TYPE_CHECKING:
    from tests.world.api_desk import Desk

REPORT = {"form": "csv", "query": {"through": "2026-09-30"}}


def id_of(made: Any) -> int:
    """The id in an answer: its own, or that of the thing in it."""
    if "id" in made:
        return int(made["id"])
    return int([inner["id"] for inner in made.values() if isinstance(inner, dict) and "id" in inner][0])


def a_job(desk: Desk) -> Facts:
    """A job that waits."""
    return {"job_id": id_of(desk.made("reports/trial-balance/file/", REPORT))}


def a_cancelled_job(desk: Desk) -> Facts:
    """A job that was cancelled."""
    job = a_job(desk)
    desk.made(f"jobs/{job['job_id']}/cancel/")
    return job


def a_made_file(desk: Desk) -> Facts:
    """A report's file, made."""
    job = a_job(desk)
    work_until_idle()
    return job


def a_meter_in_store(desk: Desk) -> Facts:
    """A meter that is nowhere."""
    sent = {"number": f"T{uuid4().hex[:8]}", "registers": [{"unit": "GAL"}]}
    return {"meter_id": id_of(desk.made("meters/", sent))}


def a_meter_at_work(desk: Desk) -> Facts:
    """A meter that was put in on October 1."""
    meter = a_meter_in_store(desk)["meter_id"]
    where = {"location_id": desk.facts["location_id"], "point": f"T{uuid4().hex[:8]}"}
    desk.made(f"meters/{meter}/install/", {**where, "on": "2026-10-01", "dials": [{"dial": "0"}]})
    dials = [{"dial": "5"}]
    return {"meter_id": meter, "body": {"on": "2026-10-09", "dials": dials}}


def a_meter_to_exchange(desk: Desk) -> Facts:
    """A meter at work, and the one that comes in its place."""
    found = a_meter_at_work(desk)
    new = {"number": f"T{uuid4().hex[:8]}"}
    return {**found, "body": {"on": "2026-10-09", "last": [{"dial": "5"}], "meter": new}}


def a_walk(desk: Desk) -> Facts:
    """A route as it is walked, sent back."""
    return {"body": desk.partner.get(f"routes/{desk.facts['route_id']}/order/")}


def another_route(desk: Desk) -> Facts:
    """A location of the route, to be moved to another one."""
    here, routes = desk.facts["route_id"], desk.partner.get("routes/")["results"]
    others = [route["id"] for route in routes if route["id"] != here]
    to = others[0] if others else a_route(desk, here)
    last = desk.partner.get(f"routes/{here}/order/")["places"][-1]
    return {"body": {"location_ids": [last["location_id"]], "to_route": to}}


def a_route(desk: Desk, beside: int) -> int:
    """A new route in the town's only cycle."""
    admin = desk.town.admin
    with scope(desk.town.utility.id):
        made = add_route(desk.town.supervisor, code=f"T{uuid4().hex[:8]}", name="Trial")
        cycle = cycle_of(desk.town)
        change_cycle(admin, cycle_id=cycle, code="01", name="All", route_ids=[beside, made])
    return made


def a_range(desk: Desk) -> Facts:
    """What is normal for a rate."""
    rate, unit = desk.facts["rate_id"], desk.town.plan.unit
    return {"body": {"service_type": "water", "rate_id": rate, "unit": unit, "high": "90"}}


def an_unbilled_reading(desk: Desk) -> Facts:
    """A reading that no bill was made from."""
    meter = a_meter_at_work(desk)["meter_id"]
    with scope(desk.town.utility.id), transaction.atomic():
        return {"reading_id": Reading.objects.filter(register__meter=meter).latest("id").id}


def somebody_who_owes(desk: Desk) -> Facts:
    """A customer who is taken although earlier bills are unpaid."""
    place, who = desk.facts["location_id"], desk.facts["customer_id"]
    named = {"location_id": place, "customer_id": who, "owed_reason": "Pays by instalments"}
    return {"body": {**named, "starts": "2026-12-01"}}


def somebody_with_wishes(desk: Desk) -> Facts:
    """The same, with a service wished."""
    wished = {"rate_id": desk.facts["rate_id"], "service_point_id": desk.facts["point_id"]}
    return {"body": {**somebody_who_owes(desk)["body"], "services": [wished]}}


def other_services(desk: Desk) -> Facts:
    """A move-in that waits, with the services that are wished for it."""
    place = desk.town.account("100012").location_id
    with scope(desk.town.utility.id), transaction.atomic():
        point = ServicePoint.objects.filter(location=place).earliest("id").id
    wished = {"rate_id": desk.facts["rate_id"], "service_point_id": point}
    mark = desk.partner.get(f"move-ins/{desk.facts['move_in_id']}/").get("version", "")
    return {"body": {"starts": "2026-12-02", "services": [wished], "version": mark}}


def an_ended_account(desk: Desk) -> Facts:
    """An account that has ended and owes."""
    return {"body": _given_up(desk, "100010")}


def _given_up(desk: Desk, number: str) -> Any:
    account = desk.town.account(number)
    if account.ends is None:
        desk.made(f"accounts/{account.id}/end/", {"on": "2026-09-03"})
    return {"account_id": account.id, "reason": "Moved away", "on": "2026-09-20"}


def a_proposal_of_another(desk: Desk) -> Facts:
    """A write-off that another partner proposed."""
    return {"write_off_id": id_of(desk.made("write-offs/", _given_up(desk, "100009"), desk.other))}


def a_proposal_of_its_own(desk: Desk) -> Facts:
    """A write-off that this partner proposed."""
    return {"write_off_id": id_of(desk.made("write-offs/", _given_up(desk, "100008")))}


def a_write_off(desk: Desk, number: str = "100007") -> Facts:
    """A write-off that was approved."""
    found = id_of(desk.made("write-offs/", _given_up(desk, number), desk.other))
    desk.made(f"write-offs/{found}/approve/", {"on": "2026-09-20"})
    return {"write_off_id": found}


def a_recovery(desk: Desk) -> Facts:
    """A write-off for which something came in."""
    sent = {"amount": "1.00", "text": "Trial", "on": "2026-09-20"}
    found = a_write_off(desk, "100005")
    made = desk.made(f"write-offs/{found['write_off_id']}/recoveries/", sent, desk.other)
    body = {"journal_id": made["recoveries"][0]["journal_id"], "on": "2026-09-21"}
    return {**found, "body": body}


def a_count_for_history(desk: Desk) -> Facts:
    """Something completed, counted."""
    account = desk.town.account("100006").id
    owed = desk.partner.first("accounts/", number="100006")["payoff"]
    paid = {
        "tenders": [{"kind": "check", "amount": owed}],
        "accounts": [{"account_id": account, "amount": owed}],
    }
    desk.made("payments/", {"on": "2026-09-15", **paid})
    return {"move_id": id_of(desk.made("history-moves/", {"before": "2026-10-01"}))}


def a_held_reading(desk: Desk) -> Facts:
    """A reading without use, which waits for somebody who says that it is right."""
    register = desk.partner.first("registers/", number="M100004")["id"]
    last = desk.partner.first("readings/", register=register)
    day = 10 + len(desk.partner.get("readings/held/")["results"])
    sent = {"register_id": register, "on": f"2026-09-{day}", "dial": last["dial"]}
    return {"held_id": desk.made("readings/", {"readings": [sent]})["readings"][0]["held_id"]}


def no_purge(desk: Desk) -> Facts:
    """No purge waits."""
    for purge in desk.partner.get("purges/")["results"]:
        if purge["state"] == "waiting":
            desk.made(f"purges/{purge['id']}/refuse/", {"why": "Too early"}, desk.other)
    return {}


def a_purge(desk: Desk) -> Facts:
    """A purge that waits."""
    no_purge(desk)
    return {"purge_id": id_of(desk.made("purges/", {"before": "2026-09-20"}, desk.other))}


def a_purge_of_another(desk: Desk) -> Facts:
    """A purge of what was settled before October, whose months are closed; another partner proposed it."""
    no_purge(desk)
    with scope(desk.town.utility.id):
        close_period(desk.town.supervisor, period_id=desk.facts["period_id"])
        close_until(desk.town, date(2026, 10, 1))
    return {"purge_id": id_of(desk.made("purges/", {"before": "2026-10-01"}, desk.other))}


def a_done_purge(desk: Desk) -> Facts:
    """A purge that is done."""
    purges = desk.partner.get("purges/")["results"]
    return {"purge_id": [purge["id"] for purge in purges if purge["state"] == "done"][0]}


def an_order(desk: Desk) -> Facts:
    """A work order that is open."""
    sent = {"kind": "investigate", "location_id": desk.facts["location_id"], "due_on": "2026-10-01"}
    return {"order_id": id_of(desk.made("work-orders/", sent))}


def an_adjustment(desk: Desk) -> Facts:
    """An adjustment that another partner asked for."""
    sent = {
        "account_id": desk.facts["account_id"],
        "kind": "credit",
        "amount": "1.00",
        "reason": "Courtesy",
        "revenue_code": "OTHER",
        "text": "Trial",
        "on": "2026-09-20",
    }
    return {"adjustment_id": id_of(desk.made("adjustments/", sent, desk.other))}


def a_posted_adjustment(desk: Desk) -> Facts:
    """An adjustment that counts."""
    found = an_adjustment(desk)
    desk.made(f"adjustments/{found['adjustment_id']}/approve/", {"why": "Seen", "on": "2026-09-20"})
    return found


def a_payment(desk: Desk) -> Facts:
    """A payment that another partner took."""
    sent = {
        "on": "2026-09-15",
        "tenders": [{"kind": "check", "amount": "2.00"}],
        "accounts": [{"account_id": desk.facts["account_id"], "amount": "2.00"}],
    }
    made = desk.made("payments/", sent, desk.other)
    return {"receipt_id": made["receipt"]["id"], "payment_id": made["payments"][0]["id"]}


def no_drawer(desk: Desk) -> Facts:
    """Every drawer closed."""
    for session in desk.partner.get("drawer-sessions/", open="true")["results"]:
        desk.made(f"drawer-sessions/{session['id']}/close/", counted(desk, session["id"]))
    return {}


def counted(desk: Desk, session_id: int) -> Any:
    """What closes a session: each tender counted as it should be."""
    tenders = desk.partner.get(f"drawer-sessions/{session_id}/")["tenders"]
    told = [{"kind": t["kind"], "amount": t["expected"]} for t in tenders]
    return {"counted": told or [{"kind": "cash", "amount": "10.00"}], "on": "2026-09-20"}


def a_session(desk: Desk) -> Facts:
    """The drawer that this partner has open, with its ten dollars."""
    no_drawer(desk)
    sent = {"drawer_id": desk.facts["drawer_id"], "opening": "10.00", "on": "2026-09-20"}
    return {"session_id": id_of(desk.made("drawer-sessions/", sent))}


def a_session_to_close(desk: Desk) -> Facts:
    """The same, counted."""
    found = a_session(desk)
    return {**found, "body": counted(desk, found["session_id"])}


def an_import(desk: Desk) -> Facts:
    """A file whose rows may be approved by this partner."""
    shown = desk.partner.get(f"imports/{desk.facts['import_id']}/")
    return {"body": {"seen": shown["fingerprint"]}}


def a_file(desk: Desk) -> Facts:
    """A file of reads, as a form sends it."""
    return {"body": {"feed": "meter_reads", "file": f"{uuid4()}".encode()}}


READY: dict[str, Callable[[Desk], Facts]] = {
    **RUN_STEPS,
    "POST api:job_cancel": a_job,
    "POST api:job_retry": a_cancelled_job,
    "GET api:report_made_file": a_made_file,
    "POST api:meter_install": a_meter_in_store,
    "POST api:meter_remove": a_meter_at_work,
    "POST api:meter_exchange": a_meter_to_exchange,
    "POST api:route_order": a_walk,
    "POST api:route_move": another_route,
    "POST api:use_ranges": a_range,
    "PATCH api:move_in": other_services,
    "POST api:purges": no_purge,
    "POST api:purge_refuse": a_purge,
    "POST api:purge_approve": a_purge_of_another,
    "POST api:purge_archive": a_done_purge,
    "POST api:reading_correct": an_unbilled_reading,
    "POST api:move_ins": somebody_with_wishes,
    "POST api:accounts": somebody_who_owes,
    "POST api:write_offs": an_ended_account,
    "POST api:write_off_refuse": a_proposal_of_another,
    "POST api:write_off_withdraw": a_proposal_of_its_own,
    "POST api:write_off_recovery_back": a_recovery,
    "POST api:write_off_back": a_write_off,
    **DEPOSITS_READY,
    **RATES_READY,
    **WHAT_IFS_READY,
    "POST api:history_do": a_count_for_history,
    "POST api:held_reading_take": a_held_reading,
    "POST api:held_reading_drop": a_held_reading,
    "POST api:work_order_complete": an_order,
    "POST api:work_order_cancel": an_order,
    "POST api:adjustment_approve": an_adjustment,
    "POST api:adjustment_refuse": an_adjustment,
    "POST api:adjustment_reverse": a_posted_adjustment,
    "POST api:payment_return": a_payment,
    "POST api:receipt_void": a_payment,
    "POST api:drawer_sessions": no_drawer,
    "POST api:drawer_move": a_session,
    "POST api:drawer_close": a_session_to_close,
    "POST api:imports": a_file,
    "POST api:import_approve": an_import,
}
"""What must be there before an operation can be done, by its method and name."""
