"""The engine against a second reading of its README: the same charges, to the cent and to twenty places."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pytest

from rates.engine import TariffError, parse_tariff
from tests.golden.both import Town, differences, refused_by_oracle
from tests.oracle.account import Account, Metered
from tests.oracle.days import looked_back_on
from tests.oracle.making.cases import Case, a_town, cases
from tests.oracle.making.halves import a_half
from tests.oracle.making.mechanisms import every, seen
from tests.oracle.making.real import a_real_case
from tests.oracle.making.spoiling import spoiled
from tests.oracle.pricing import price

HERE = Path(__file__).parent
PUBLISHED = HERE.parents[1] / "rates" / "tariffs"
TABLES = {
    path.stem: json.loads(path.read_text()) for path in (*PUBLISHED.glob("*.json"), *HERE.glob("*/*.json"))
}
FLAT: dict[str, Any] = {
    "name": "Flat",
    "service_type": "water",
    "components": [{"id": "a", "kind": "fixed", "text": "A", "revenue_code": "A", "amount": "1"}],
}
WORKED = [case for case in json.loads((HERE / "tariff_cases.json").read_text()) if case["expected"]["total"]]


@dataclass
class Tally:
    """What came of comparing accounts."""

    accounts: int = 0
    bills: int = 0
    refused: int = 0
    charges: int = 0
    unlike: list[str] = field(default_factory=list)
    mechanisms: Counter[str] = field(default_factory=Counter)

    def add(self, case: Case, town: Town) -> None:
        """One account."""
        found, bills = differences(case, town)
        self.unlike += found
        self.accounts += 1
        for (_, account), (_, bill) in zip(case.services, bills, strict=True):
            self.refused += bill is None
            if bill is not None:
                self.bills += 1
                self.charges += len(bill.lines)
                self.mechanisms.update(seen(bill, account))


def compare(seed: int, accounts: int) -> Tally:
    """Random accounts of random towns."""
    tally = Tally()
    for services, found in cases(seed, accounts):
        town = Town(services)
        tally.unlike += town.unlike
        for case in found if not town.unlike else ():
            tally.add(case, town)
    return tally


@pytest.fixture(scope="module")
def compared() -> Tally:
    """Two thousand accounts."""
    return compare(seed=20261123, accounts=2000)


def test_two_thousand_accounts_come_to_the_same_bills(compared: Tally) -> None:
    assert compared.unlike == []
    assert compared.accounts == 2000
    assert compared.bills > 2000


def test_what_one_refuses_the_other_refuses_and_most_are_billed(compared: Tally) -> None:
    assert 200 < compared.refused < compared.bills / 2


def test_every_mechanism_of_the_language_was_among_them(compared: Tally) -> None:
    assert {name for name in every() if compared.mechanisms[name] < 4} == set()


@pytest.mark.parametrize("name", sorted(TABLES))
def test_published_tables_come_to_the_same_bills_for_any_account(name: str) -> None:
    rng, tally = Random(name), Tally()
    for index in range(15):
        case = a_real_case(rng, TABLES[name], f"{name}/{index}")
        tally.add(case, Town([case.services[0][0]]))
    assert tally.unlike == []
    assert tally.bills > 0


def test_half_a_cent_is_not_lost_between_the_parts_of_a_period() -> None:
    rng, tally = Random(20261123), Tally()
    for index in range(150):
        case = a_half(rng, f"half/{index}")
        tally.add(case, Town([case.services[0][0]]))
    assert tally.unlike == []
    assert tally.mechanisms["half a cent"] == 150


def test_a_table_with_something_wrong_is_taken_by_both_or_by_neither() -> None:
    rng = Random(20261123)
    tables = [spoiled(rng, made.table) for _ in range(150) for made in a_town(rng)]
    unlike = [table for table in tables if (refused_by_oracle(table) is None) != taken(table)]
    assert unlike == []
    assert 50 < sum(map(taken, tables)) < len(tables) - 50


def taken(table: dict[str, Any]) -> bool:
    """Whether the engine takes a table."""
    try:
        parse_tariff(table)
    except TariffError:
        return False
    return True


@pytest.mark.parametrize("case", WORKED, ids=lambda case: str(case["id"]))
def test_the_oracle_alone_comes_to_the_worked_bills(case: dict[str, Any]) -> None:
    charges: dict[str, Fraction] = defaultdict(Fraction)
    figures: dict[str, Fraction] = {}
    others: dict[str, Fraction] = {}
    uses: dict[str, Metered] = {}
    for bill in case["bills"]:
        table = TABLES[bill["tariff"]]
        worked = price(table, account_of(case["period"], bill, others, uses))
        others |= worked.others
        charges.update({f"{table['service_type']}.{line.component}": line.amount for line in worked.lines})
        figures |= worked.figures
        if "use" in bill:
            uses[table["service_type"]] = Metered(Fraction(bill["use"]), bill["unit"])
    expected = case["expected"]
    assert {name: charges[name] for name in expected["charges"]} == fractions(expected["charges"])
    assert {name: figures[name] for name in expected["figures"]} == fractions(expected["figures"])
    billed = {name.partition(".")[0] for name in expected["charges"]}
    assert sum(c for name, c in charges.items() if name.partition(".")[0] in billed) == Fraction(
        expected["total"]
    )


def fractions(written: dict[str, str]) -> dict[str, Fraction]:
    """Numbers of the worked bills, exactly."""
    return {name: Fraction(found) for name, found in written.items()}


def account_of(
    period: list[str], bill: dict[str, Any], others: dict[str, Fraction], uses: dict[str, Metered]
) -> Account:
    """The facts of a worked bill in the oracle's words."""
    start, end = map(date.fromisoformat, period)
    given = bill.get("other_use", {})
    return Account(
        start,
        end,
        (end - start).days,
        use=Fraction(bill["use"]) if "use" in bill else None,
        unit=bill.get("unit"),
        attributes=bill.get("attributes", {}),
        numbers={name: Fraction(found) for name, found in bill.get("numbers", {}).items()},
        series={name: tuple(map(Fraction, found)) for name, found in bill.get("series", {}).items()},
        others=others,
        other_use=uses | {name: Metered(Fraction(u["use"]), u["unit"]) for name, u in given.items()},
    )


@pytest.mark.parametrize("months", [[12, 1, 2], [1, 2, 3], [11, 12], [7], [12], [10, 12, 2, 4]], ids=str)
@pytest.mark.parametrize("begins", ["01-01", "02-29", "03-01", "04-01", "12-31"])
def test_both_look_back_on_the_same_months(months: list[int], begins: str) -> None:
    look = {"name": "past", "months": months, "from": begins}
    (theirs,) = parse_tariff({**FLAT, "look_back": [{**look, "what": "demand"}]}).look_backs
    days = [date(2023, 1, 1) + timedelta(days=step) for step in range(0, 1900, 3)]
    spans = {day: theirs.window(day) for day in days}
    assert {day: (span.start, span.end) for day, span in spans.items() if span} == {
        day: looked_back_on(months, begins, day) for day in days
    }


@pytest.mark.trials
@pytest.mark.parametrize("seed", range(1, 11))
def test_ten_thousand_accounts_of_a_seed(seed: int, record_property: Callable[[str, object], None]) -> None:
    tally = compare(seed, accounts=10_000)
    for name in ("accounts", "bills", "refused", "charges"):
        record_property(name, getattr(tally, name))
    record_property("unlike", len(tally.unlike))
    assert tally.unlike == []
    assert {name for name in every() if tally.mechanisms[name] < 25} == set()
