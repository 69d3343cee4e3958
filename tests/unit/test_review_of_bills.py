"""One bill against its own past, and a run against the runs before it, by figures worked out by hand."""

from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from billing.assembly import AccountFacts, Held, Prepared, RegisterFacts, ServiceFacts, Terms
from billing.assembly.results import BillLine, ServicePeriod, UsedReading
from billing.review.breakers import judge
from billing.review.ground import Charged, Check, Figures, Ground
from billing.review.lists import lists_of
from billing.review.looks import Limits, at_risk, look_again
from billing.review.measures import Measures, middle, step_of
from billing.review.past import NO_PAST, Past, PastUse, RegisterWas
from billing.review.totals import StagedBill, totals_of

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
TERMS = Terms(SEPTEMBER, OCTOBER, Decimal(2000), 45)
LIMITS = Limits(over_times=4, over_least=Decimal(100), use_times=5, min_days=15)
REGISTER = RegisterFacts(
    7, "CCF", 6, Decimal(1), False, 1, SEPTEMBER, Decimal(100), 2, OCTOBER, Decimal(110), "R", False
)
SERVICE = ServiceFacts(
    3, "water", "W", "hash", date(2020, 1, 1), None, SEPTEMBER, Decimal(1), {}, "5/8", True, (REGISTER,)
)
FACTS = AccountFacts(1, "100001", "residential", True, 1, False, False, (), (SERVICE,))
LIMITS_OF_RUN = {
    "break_charges": 3, "break_use": 4, "break_tax": 30, "break_zero": 15, "break_held": 15,
    "break_missing": 10, "break_backwards": 5, "break_old": 5, "break_count": 15, "break_moves": 20,
    "break_days": 25, "break_largest": 20,
}  # fmt: skip


def bill(total: str = "50", use: str = "10", days: int = 30) -> Prepared:
    line = BillLine(3, "use", "Water", "WATER", Decimal(use), "CCF", Decimal(total))
    period = ServicePeriod(3, SEPTEMBER, OCTOBER, SEPTEMBER)
    read = UsedReading(3, 7, 1, 2, Decimal(use), "CCF", OCTOBER, days, "R")
    return Prepared(SEPTEMBER, OCTOBER, (line,), (period,), (read,), (), Decimal(total))


def past(usual: str = "50", bills: int = 6, use: str = "60", days: int = 180, unused: int = 0) -> Past:
    known = PastUse(bills, unused, Decimal(use), days, (Decimal(10), 30), None)
    was = {3: {7: RegisterWas("CCF", 6, Decimal(1))}}
    return Past(bills, Decimal(usual), Decimal(usual), None, was, {(3, "CCF"): known})


def reason(made: Prepared, before: Past, facts: AccountFacts = FACTS, *released: str) -> str:
    found = look_again(LIMITS, TERMS, facts, made, before, frozenset(released))
    return found.reason if isinstance(found, Held) else ""


def test_a_bill_like_those_before_it_goes_through() -> None:
    assert reason(bill(), past()) == ""


@pytest.mark.parametrize(("total", "held"), [("200", ""), ("200.01", "over_average"), ("149", "")])
def test_a_bill_over_four_times_its_own_average_is_held(total: str, held: str) -> None:
    assert reason(bill(total), past(usual="50")) == held


def test_a_small_bill_may_be_many_times_its_own_average() -> None:
    assert reason(bill("99"), past(usual="5")) == ""  # 94 dollars more, under the least difference of 100
    assert reason(bill("105"), past(usual="5")) == "over_average"


def test_two_bills_make_no_average() -> None:
    assert reason(bill("900"), past(bills=2)) == ""


@pytest.mark.parametrize(("use", "held"), [("50", ""), ("51", "high_use")])
def test_use_over_five_times_a_third_of_a_unit_a_day_is_held(use: str, held: str) -> None:
    assert reason(bill(use=use), past(use="60", days=180)) == held  # 60 in 180 days is 10 in 30


def test_no_use_is_held_where_there_always_was_some() -> None:
    assert reason(bill(use="0"), past(bills=6)) == "zero_use"
    assert reason(bill(use="0"), past(bills=6, unused=1)) == ""
    assert reason(bill(use="0"), past(bills=5)) == ""


@pytest.mark.parametrize(
    "change",
    [{"multiplier": Decimal(10)}, {"unit": "GAL"}, {"digits": 5}, {"dead_zeros": 1}],
    ids=["multiplier", "unit", "dials", "dead zeros"],
)
def test_a_register_that_is_not_what_it_was_on_the_last_bill_is_held(change: dict[str, object]) -> None:
    now = replace(SERVICE, registers=(replace(REGISTER, **change),))  # type: ignore[arg-type]  # by name
    assert reason(bill(), past(), replace(FACTS, services=(now,))) == "register_changed"


def test_two_registers_over_the_same_days_are_held_and_a_change_of_meter_is_not() -> None:
    beside = replace(REGISTER, register_id=8)
    after = replace(REGISTER, register_id=8, from_on=OCTOBER, to_on=date(2026, 10, 9))
    both, changed = (replace(SERVICE, registers=(REGISTER, other)) for other in (beside, after))
    assert reason(bill(), past(), replace(FACTS, services=(both,))) == "meter_twice"
    assert reason(bill(), past(), replace(FACTS, services=(changed,))) == ""


def test_registers_of_one_compound_meter_are_not_held_on_their_first_bill() -> None:
    low, high = (replace(REGISTER, register_id=n, part_of=5) for n in (8, 9))
    facts = replace(FACTS, services=(replace(SERVICE, registers=(low, high)),))
    assert reason(bill(), past(), facts) == ""
    assert reason(bill(), NO_PAST, facts) == ""


def test_a_register_that_comes_to_a_meter_billed_without_it_is_held() -> None:
    low, high = (replace(REGISTER, register_id=n, part_of=5) for n in (7, 8))
    assert reason(bill(), past(), replace(FACTS, services=(replace(SERVICE, registers=(low, high)),))) == (
        "meter_twice"
    )


def test_facts_of_a_compound_meter_are_kept_with_the_meter() -> None:
    one = replace(FACTS, services=(replace(SERVICE, registers=(replace(REGISTER, part_of=5),)),))
    assert AccountFacts.from_json(one.as_json()) == one
    assert len(FACTS.as_json()[8][0][11][0]) == 13  # as facts were kept before


def test_what_a_person_let_through_is_not_held_again() -> None:
    assert reason(bill("900"), past(), FACTS, "over_average") == ""


def test_what_is_at_risk_is_the_difference_from_the_usual_or_the_whole() -> None:
    assert at_risk(bill("80"), past(usual="50")) == 30
    assert at_risk(Held("missing_reading", ""), past(usual="50")) == 50
    assert at_risk(Held("by_hand", "", bill("80")), past(usual="50")) == 80
    assert at_risk(bill("80"), Past()) == 80


def test_lists_go_by_reasons_and_by_kinds_of_warnings() -> None:
    assert lists_of(["high_use"], ["large_change"]) == ["reread", "change", "high"]
    assert lists_of([], ["first_bill:water", "zero_use:water"]) == ["zero", "first"]


def test_totals_count_a_bill_once_under_a_revenue_code_whatever_its_units() -> None:
    lines = [
        BillLine(3, "base", "Base", "WATER", None, "", Decimal(5)),
        BillLine(3, "use", "Use", "WATER", Decimal(10), "CCF", Decimal(20)),
    ]
    sums = totals_of([StagedBill("ready", 1, "residential", {3: ("water", "W")}, lines)])
    assert sum(s.bills for s in sums.values()) == 1
    assert sum(s.amount for s in sums.values()) == 25


def test_the_middle_of_ratios_is_not_moved_by_a_leak() -> None:
    ratios = Counter(step_of(Decimal(r), Decimal(1)) for r in ("0.9", "1", "1.1", "1.05", "60"))
    assert Decimal("0.85") < middle(ratios) < Decimal("1.2")


def figures(*charged: Charged, due: int = 100, **counts: int) -> Figures:
    return Figures(Measures(Counter({"due": due, "made": due, "accounts": due, **counts})), charged)


def water(dollars: int, code: str = "WATER", bills: int = 100) -> Charged:
    return Charged("water", "W", "residential", code, bills, Decimal(dollars))


def check(code: str, now: Figures, last: Figures | None, year: Figures | None = None) -> Check:
    limits = {name: Decimal(value) for name, value in LIMITS_OF_RUN.items()}
    ground = Ground(now, last, year, limits, 30, frozenset({"TAX"}))
    return next(c for c in judge(ground) if c.code == code)


@pytest.mark.parametrize(("dollars", "state"), [(11999, "passed"), (12000, "tripped"), (1300, "tripped")])
def test_charges_three_times_or_a_third_of_the_last_stop_a_run(dollars: int, state: str) -> None:
    assert check("charges", figures(water(dollars)), figures(water(4000))).state == state


def test_a_season_that_came_a_year_ago_too_stops_nothing() -> None:
    now, last, year = figures(water(16000)), figures(water(4000)), figures(water(15000))
    assert check("charges", now, last).state == "tripped"
    assert check("charges", now, last, year).state == "passed"


@pytest.mark.parametrize(
    ("tax", "state"), [(5, "passed"), (6, "passed"), (7, "tripped"), (10, "tripped"), (0, "tripped")]
)
def test_a_tax_is_judged_against_what_it_is_on(tax: int, state: str) -> None:
    now = figures(water(8000), water(80 * tax, "TAX", 100 if tax else 0))
    assert check("tax", now, figures(water(4000), water(200, "TAX"))).state == state  # it was 5 per cent


def test_a_revenue_code_that_is_gone_stops_a_run_unless_it_was_gone_a_year_ago() -> None:
    now, last = figures(water(4000)), figures(water(4000), water(300, "FIRE"))
    assert check("vanished", now, last).state == "tripped"
    assert check("vanished", now, last, figures(water(3900))).state == "passed"


def test_a_share_counts_from_five_accounts_on() -> None:
    assert check("held", figures(due=10, held=4), None).state == "passed"
    assert check("held", figures(due=20, held=5), None).state == "tripped"
    assert check("held", figures(due=40, held=6), None).state == "passed"  # 15 per cent, and not over it


def test_services_that_do_not_add_up_stop_a_run() -> None:
    parts = {"services_ready": 90, "services_held": 6, "services_excepted": 3}
    assert check("complete", figures(services=100, services_nothing=1, **parts), None).state == "passed"
    lost = check("complete", figures(services=100, services_nothing=0, **parts), None)
    assert (lost.state, "1 missing" in lost.measured) == ("tripped", True)
