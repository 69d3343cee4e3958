"""What a reviewer sees and does: checks, totals, lists, holds by hand, a review bound to what was seen."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db.models import Sum

from billing.checking import measures_of, pass_check
from billing.holds import hold_bill, release_bill, release_bills
from billing.models import RunTotal
from billing.review.lists import LISTS
from billing.runs import approve_run, cancel_run, leave_unprinted, print_run, review_run, run_hash
from core.errors import Conflict, NotAllowed, Refused
from core.prove import Asked, prove
from core.tenancy import scope
from core.work.jobs import cancel_job
from tests.integration.test_planted_disasters import ACCOUNTS, READ, dials, new_rate, times
from tests.world.desk import review, send, text_of
from tests.world.grown import Grown, client


def do(town: Grown, role: str, what: Callable[..., Any], **given: Any) -> Any:
    """One operation by who has the role."""
    with scope(town.utility.id):
        return what(town.by(role), **given)


def totals(town: Grown, run: int, *states: str) -> Decimal:
    with town.at():
        rows = RunTotal.objects.filter(run=run, state__in=states)
        return rows.aggregate(x=Sum("amount"))["x"] or Decimal(0)


@pytest.fixture
def ready(grown: Grown) -> int:
    """A good run, prepared."""
    grown.read()
    return grown.prepare()


@pytest.fixture
def tripped(grown: Grown) -> int:
    """A run in which every water rate is a hundredth."""
    grown.read()
    new_rate(grown, "WATER", times("0.01"))
    return grown.prepare()


@pytest.mark.req("BIL-03")
def test_a_check_is_let_through_with_a_reason_by_another_than_who_opened_the_run(
    grown: Grown, tripped: int
) -> None:
    with pytest.raises(NotAllowed, match="does not have the right"):
        do(grown, "billing", pass_check, run_id=tripped, code="charges", why="The council lowered it")
    with pytest.raises(Refused, match="needs a reason"):
        do(grown, "supervisor", pass_check, run_id=tripped, code="charges", why=" ")
    for code in ("charges", "typical_bill"):
        if grown.check(tripped, code).stops:
            do(grown, "supervisor", pass_check, run_id=tripped, code=code, why="The council lowered it")
    passed = grown.check(tripped, "charges")
    assert (passed.state, passed.stops, passed.why) == ("tripped", False, "The council lowered it")
    assert grown.post(tripped) == ACCOUNTS


def test_what_was_let_through_is_judged_anew_when_the_run_is_prepared_again(
    grown: Grown, tripped: int
) -> None:
    do(grown, "supervisor", pass_check, run_id=tripped, code="charges", why="Seen")
    grown.prepare(tripped)
    assert grown.check(tripped, "charges").stops


def test_an_approval_is_refused_while_a_check_stops_the_run(grown: Grown, ready: int) -> None:
    mark = do(grown, "billing", review_run, run_id=ready)
    with grown.at():
        run = grown.run(ready)
        run.checks = [c | {"state": "tripped"} if c["code"] == "tax" else c for c in run.checks]
        run.save()
    with pytest.raises(Conflict, match="Tax against what it is on"):
        do(grown, "supervisor", approve_run, run_id=ready, seen=mark)


def test_a_review_is_refused_when_the_charges_are_not_those_on_the_page(grown: Grown, ready: int) -> None:
    seen = run_hash(grown.run(ready).seen)
    account = grown.staged(ready)[0].account_id
    do(grown, "supervisor", hold_bill, run_id=ready, account_id=account, why="Look at the meter")
    with pytest.raises(Conflict, match="not those that you looked at"):
        do(grown, "billing", review_run, run_id=ready, seen=seen)
    assert do(grown, "billing", review_run, run_id=ready, seen=run_hash(grown.run(ready).seen))


@pytest.mark.req("BIL-01")
def test_a_bill_held_by_hand_stays_held_until_it_is_released(grown: Grown, ready: int) -> None:
    account = grown.staged(ready)[3].account_id
    do(grown, "billing", hold_bill, run_id=ready, account_id=account, why="The tenant says it is read wrong")
    grown.prepare(ready)
    (held,) = grown.staged(ready, state="held")
    assert (held.account_id, held.reason, held.detail) == (
        account,
        "by_hand",
        "The tenant says it is read wrong",
    )
    do(grown, "supervisor", release_bill, run_id=ready, account_id=account, why="Read again")
    assert grown.staged(ready, state="held") == []
    assert grown.post(ready) == ACCOUNTS


def test_totals_and_services_follow_a_bill_that_is_held_and_released(grown: Grown, ready: int) -> None:
    whole, row = totals(grown, ready, "ready"), grown.staged(ready)[3]
    do(grown, "billing", hold_bill, run_id=ready, account_id=row.account_id, why="Look")
    assert totals(grown, ready, "held") == row.total
    assert totals(grown, ready, "ready") == whole - row.total
    assert measures_of(grown.run(ready)).counts["services_held"] == 3
    do(grown, "billing", release_bill, run_id=ready, account_id=row.account_id, why="Fine")
    assert (totals(grown, ready, "ready"), totals(grown, ready, "held")) == (whole, Decimal(0))


@pytest.mark.req("BIL-02")
def test_the_totals_of_a_posted_run_are_what_its_bills_charged(grown: Grown, ready: int) -> None:
    row = grown.staged(ready)[3]
    do(grown, "billing", hold_bill, run_id=ready, account_id=row.account_id, why="Look")
    grown.post(ready)
    posted = sum((r.total for r in grown.staged(ready, state="posted")), Decimal(0))
    assert totals(grown, ready, "posted") == totals(grown, ready, "posted", "ready", "held") == posted
    from core import clock

    asked = Asked(grown.utility, clock.now(), deep=True)
    assert [f for f in prove(asked) if f.offences and f.invariant.code.startswith("B")] == []


@pytest.mark.req("BIL-03")
def test_each_list_holds_as_many_bills_as_the_page_of_the_run_says(grown: Grown) -> None:
    lines = dials(grown, lambda before, read: read)
    cells = lines[4].split(",")
    cells[READ] = str(Decimal(cells[READ]) + 90)
    grown.receive([*lines[:4], ",".join(cells), *lines[5:-2]])
    run = grown.prepare()
    counts = measures_of(grown.run(run)).counts
    browser = client(grown, "billing")
    shown = {
        one.code: browser.get(f"/runs/{run}/accounts/?list={one.code}").context["total"] for one in LISTS
    }
    assert shown == {one.code: counts[f"list_{one.code}"] for one in LISTS}
    assert (shown["missing"], shown["high"], shown["reread"]) == (2, 1, 1)


def test_a_line_of_the_totals_leads_to_the_bills_behind_it(grown: Grown, ready: int) -> None:
    browser = client(grown, "viewer")
    lines = browser.get(f"/runs/{ready}/").context["totals"]
    for line in lines:
        assert browser.get(line["url"]).context["total"] == line["of"].bills > 0


def test_the_sample_holds_bills_of_each_class_and_is_walked_one_key_apart(grown: Grown, ready: int) -> None:
    browser = client(grown, "billing")
    listed = browser.get(f"/runs/{ready}/accounts/?list=sample")
    assert 8 <= listed.context["total"] <= 20
    first = browser.get(listed.context["rows"][0].href)
    assert "list=sample" in first.context["next"]
    assert first.context["of"] == listed.context["total"]


def test_the_services_of_a_run_add_up_and_lead_to_their_bills(grown: Grown, ready: int) -> None:
    parts = client(grown, "viewer").get(f"/runs/{ready}/").context["services"]
    numbers = [int(part["text"].split()[0]) for part in parts]
    assert numbers[0] == sum(numbers[1:]) == 126
    assert all(part["url"] for part in parts[1:])


def test_who_opened_the_run_sees_why_they_cannot_let_a_check_pass(grown: Grown, tripped: int) -> None:
    page = client(grown, "billing").get(f"/runs/{tripped}/")
    assert "Charges a bill" in text_of(page)
    assert "You do not have the right" in page.context["checks"]["why_not"]
    answer = review(client(grown, "billing"), f"/runs/{tripped}/")
    assert answer.status_code == 409


def test_a_supervisor_lets_a_check_pass_on_screen(grown: Grown, tripped: int) -> None:
    page = f"/runs/{tripped}/checks/charges/"
    browser = client(grown, "supervisor")
    assert send(browser, page, why="").status_code == 422
    assert send(browser, page, why="The council lowered the rate").status_code == 302
    assert "let through by Susan Supervisor" in text_of(browser.get(f"/runs/{tripped}/"))


def test_a_bill_is_held_on_screen_with_a_reason(grown: Grown, ready: int) -> None:
    row = grown.staged(ready)[2]
    bill = f"/runs/{ready}/accounts/{row.account.number}/"
    browser = client(grown, "billing")
    assert send(browser, f"{bill}hold/", opened=bill, why="").status_code == 422
    assert send(browser, f"{bill}hold/", opened=bill, why="Neighbours share a meter").status_code == 302
    assert "Neighbours share a meter" in text_of(browser.get(bill))


def test_a_cancelled_run_shows_who_cancelled_it_and_why(grown: Grown, ready: int) -> None:
    do(grown, "billing", cancel_run, run_id=ready, why="Opened for the wrong cycle")
    shown = text_of(client(grown, "viewer").get(f"/runs/{ready}/"))
    assert "Cancelled by Bill Biller" in shown
    assert "Opened for the wrong cycle" in shown
    assert totals(grown, ready, "ready", "held") == 0


def test_a_run_is_left_unprinted_after_its_printing_was_cancelled(grown: Grown, ready: int) -> None:
    grown.post(ready)
    job = do(grown, "supervisor", print_run, run_id=ready)
    with pytest.raises(Conflict, match="is being printed"):
        do(grown, "supervisor", leave_unprinted, run_id=ready, why="By mail house")
    do(grown, "supervisor", cancel_job, job_id=job)
    do(grown, "supervisor", leave_unprinted, run_id=ready, why="By mail house")
    shown = text_of(client(grown, "supervisor").get(f"/runs/{ready}/"))
    assert "Left unprinted: By mail house" in shown


def test_several_bills_are_released_at_once_or_none_of_them(grown: Grown, ready: int) -> None:
    rows = grown.staged(ready)[3:5]
    both, whole = [row.account_id for row in rows], totals(grown, ready, "ready")
    for account in both:
        do(grown, "billing", hold_bill, run_id=ready, account_id=account, why="Look")
    with pytest.raises(Conflict, match="not held"):
        do(grown, "billing", release_bills, run_id=ready, account_ids=[*both, 1_000_000], why="Fine")
    assert len(grown.staged(ready, state="held")) == 2
    assert do(grown, "billing", release_bills, run_id=ready, account_ids=both, why="Fine") == 2
    assert totals(grown, ready, "ready") == whole
    assert measures_of(grown.run(ready)).counts["services_held"] == 0
