"""``manage.py rate``: two files in, a bill out; what is wrong in a file is said with its place."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rates.asking.command import WRONG, main

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "rates" / "examples"
SERVICE = {
    "id": "service",
    "kind": "fixed",
    "text": "Service charge",
    "revenue_code": "WATER",
    "amount": "19.50",
}
USAGE = {"id": "usage", "kind": "per_unit", "text": "Water use", "revenue_code": "WATER", "price": "7.05"}
WATER = {"name": "Town water", "service_type": "water", "unit": "KGAL", "components": [SERVICE, USAGE]}
_SHARE = {"id": "share", "kind": "percent", "text": "Sewer", "revenue_code": "SEWER", "percent": "50"}
SEWER = {"name": "Town sewer", "service_type": "sewer", "components": [{**_SHARE, "of": ["water.usage"]}]}
JUNE = {"from": "2026-06-01", "to": "2026-07-01"}


class Asking:
    """A folder with the two files, and what the command said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def ask(self, table: object, given: object, *options: str) -> tuple[int, str, str]:
        for name, content in (("table", table), ("input", given)):
            text = content if isinstance(content, str) else json.dumps(content)
            (self.folder / f"{name}.json").write_text(text, encoding="utf-8")
        files = [str(self.folder / "table.json"), "--input", str(self.folder / "input.json")]
        code = main([*files, *options])
        told = self.capsys.readouterr()
        return code, told.out, told.err.replace(f"{self.folder}/", "")

    def bill(self, table: object, given: object) -> dict[str, Any]:
        code, out, err = self.ask(table, given, "--json")
        assert (code, err) == (0, "")
        found: dict[str, Any] = json.loads(out)
        return found


@pytest.fixture
def asking(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Asking:
    return Asking(tmp_path, capsys)


def test_charges_steps_and_total_are_printed(asking: Asking) -> None:
    # 4 x 7.05 = 28.20; with 19.50: 47.70.
    code, out, _ = asking.ask(WATER, {**JUNE, "use": "4", "unit": "KGAL"})
    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "Jun 1, 2026 to Jun 30, 2026, 30 days" in lines
    assert "Water use 28.20" in lines
    assert "4.000 thousand gallons × 7.05 = 28.20" in lines
    assert "Total 47.70" in lines


def test_it_runs_where_no_database_is() -> None:
    table, given = EXAMPLES / "water-by-blocks.json", EXAMPLES / "water-by-blocks.input.json"
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "rate", str(table), "--input", str(given)],
        env={"PATH": "/usr/bin", "DATABASE_URL": "postgres://nobody:x@127.0.0.1:9/nothing"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "40.65" in done.stdout


def test_services_that_rest_on_each_other_are_worked_in_their_order(asking: Asking) -> None:
    # Water 3 x 7.05 = 21.15; sewer, listed first, 50 % of it: 10.575, 10.58. 40.65 + 10.58 = 51.23.
    given = {**JUNE, "services": {"water": {"use": "3000", "unit": "GAL"}}}
    bill = asking.bill([SEWER, WATER], given)
    assert [s["service_type"] for s in bill["services"]] == ["water", "sewer"]
    assert (bill["services"][1]["total"], bill["total"]) == ("10.58", "51.23")


def flat(amount: str, **entries: Any) -> dict[str, Any]:
    return {**WATER, "components": [{**SERVICE, "amount": amount}], **entries}


def test_versions_change_on_their_day(asking: Asking) -> None:
    days = [
        {"from": "2020-01-01", "table": flat("19.50")},
        {"from": "2026-06-16", "table": flat("22.50", dated_by="days")},
    ]
    # 15 of 30 days each: (15 x 19.50 + 15 x 22.50) / 30 = 21.00.
    assert asking.bill({"versions": days}, JUNE)["total"] == "21.00"


def test_the_last_version_prices_the_whole_unless_it_says_days(asking: Asking) -> None:
    days = [
        {"from": "2020-01-01", "table": flat("19.50")},
        {"from": "2026-06-16", "table": flat("22.50")},
    ]
    assert asking.bill({"tables": [{"versions": days}]}, JUNE)["total"] == "22.50"


def test_past_periods_charged_so_far_and_exemptions_are_taken(asking: Asking) -> None:
    winter = {"name": "winter", "months": [12, 1, 2], "from": "04-01"}
    average = {"op": "average", "of": ["winter"]}
    base = {"revenue_code": "SEWER", "kind": "per_unit", "id": "sewer", "text": "Sewer"}
    fee = {"revenue_code": "SEWER", "kind": "fixed", "id": "plant", "text": "Plant", "amount": "27.50"}
    tax = {"revenue_code": "TAX", "kind": "tax", "id": "tax", "text": "Tax", "tax_code": "S", "percent": "5"}
    charges = [{**base, "quantity": average, "price": "4", "taxable": True}, {**fee, "stops_at": "600"}, tax]
    table = {**SEWER, "unit": "KGAL", "look_back": [winter], "components": charges}
    given = {
        **JUNE,
        "past": {"winter": [{"use": "6000", "unit": "GAL"}, {"use": "8", "unit": "KGAL"}]},
        "charged": {"plant": "590"},
    }
    # The average of 6 and 8 is 7: 7 x 4 = 28.00; 600 - 590 = 10.00; 5 % of 28.00 = 1.40.
    assert asking.bill(table, given)["total"] == "39.40"
    assert asking.bill(table, {**given, "exempt_tax_codes": ["S"]})["total"] == "38.00"


def test_a_decimal_without_quotes_is_read_as_it_stands_in_the_input(asking: Asking) -> None:
    # 0.1 + 0.2 would not be 0.3 in binary: 0.3 x 7.05 = 2.115, 2.12.
    bill = asking.bill(WATER, '{"from": "2026-06-01", "days": 30, "use": 0.3}')
    assert bill["services"][0]["charges"][1]["exact"] == "2.115"


_30 = '{"from": "2026-06-01", "days": 30'
WRONG_INPUTS = {
    "{}": "input.json: The period is missing.",
    "[1": "input.json, line 1, character 3:",
    '{"from": "2026-06-01"}': "input.json: “to” is missing.",
    '{"from": "2026-07-01", "to": "2026-06-01"}': "input.json, to: The period ends on 2026-06-01",
    f'{_30}, "to": "2026-08-01"}}': "input.json, days: From 2026-06-01 up to 2026-08-01 there are 61 days",
    f'{_30}, "use": "4,500"}}': "input.json, use: '4,500' is not a number",
    f'{_30}, "usage": "4"}}': "input.json: “usage” is not known here. Did you mean “use”?",
    f'{_30}, "use": 1, "unit": "kgal"}}': "input.json, unit: “kgal” is not a known unit. Did you",
    f'{_30}, "use": 1, "use": 2}}': "input.json, use: “use” stands twice",
    f'{_30}, "services": {{"gas": {{}}}}}}': "input.json, services[gas]: There is no table for gas.",
    f"{_30}}}": "input.json: water, use: The use of this service is not known.",
}


@pytest.mark.parametrize("given", WRONG_INPUTS)
def test_what_is_wrong_in_the_input_is_said_with_its_place(asking: Asking, given: str) -> None:
    code, out, err = asking.ask(WATER, given)
    assert (code, out) == (WRONG, "")
    assert err.startswith(WRONG_INPUTS[given]), err


def test_what_is_wrong_in_the_table_is_said_with_its_place(asking: Asking) -> None:
    bare = json.dumps(WATER).replace('"7.05"', "7.05")
    code, _, err = asking.ask(f'{{"tables": [{bare}]}}', JUNE)
    assert code == WRONG
    assert err.startswith("table.json, tables[0].components[1].price: 7.05 is not a number in quotes.")


def test_a_missing_attribute_is_said_with_all_that_the_table_asks(asking: Asking) -> None:
    sized = {**WATER, "components": [{**SERVICE, "amount": {"by": "meter_size", "rows": {"1": "5"}}}]}
    _, _, err = asking.ask(sized, JUNE)
    assert "The meter size is not known." in err
    assert "The table asks for attributes: meter_size." in err


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.glob("*.input.json")), ids=lambda p: p.name.partition(".")[0]
)
def test_the_published_bill_comes_out(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = json.loads(path.read_text())["expected"]
    table = path.with_name(path.name.replace(".input", ""))
    assert main([str(table), "--input", str(path), "--json"]) == 0
    bill = json.loads(capsys.readouterr().out)
    shown = {f"{s['service_type']}.{c['id']}": c["amount"] for s in bill["services"] for c in s["charges"]}
    assert {name: shown[name] for name in expected["charges"]} == expected["charges"]
    assert Decimal(bill["total"]) == Decimal(expected["total"])
