"""The listings against sums made another way, and the same rows in every form."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from reports.catalogue import report_of
from reports.kit import Sheet
from reports.lines import Line, lines
from tests.conftest import World
from tests.world.desk import file_of, text_of

TODAY = date(2026, 9, 15)


def asked(sql: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()


def made(code: str, **query: str) -> list[Line]:
    report = report_of(code)
    parameters = report.answers(query, today=TODAY)
    return list(lines(Sheet(report, "Oak", parameters, datetime(2026, 9, 15, tzinfo=UTC))))


def total_of(found: list[Line], code: str, column: str) -> Decimal:
    place = [c.name for c in report_of(code).columns].index(column)
    value = next(line for line in found if line.kind == "total").cells[place]
    return Decimal(str(value))


def test_the_register_adds_up_to_what_the_run_posted(world: World) -> None:
    found = made("billing-register", run="1")
    charged, bills = asked(
        "SELECT sum(p.credit), count(DISTINCT j.id) FROM ledger_posting p"
        " JOIN ledger_journal j ON j.id = p.journal_id"
        " JOIN ledger_chartaccount c ON c.id = p.chart_account_id WHERE c.kind = 'revenue' AND j.why = 'bill'"
    )
    assert total_of(found, "billing-register", "charges") == charged
    assert sum(line.kind == "row" for line in found) == bills == world.oak.plan.accounts


def test_the_routes_of_the_register_add_up_to_its_total(world: World) -> None:
    found = made("billing-register", run="1")
    place = [c.name for c in report_of("billing-register").columns].index("due")
    routes = [Decimal(str(line.cells[place])) for line in found if line.kind == "subtotal"]
    assert len(routes) == world.oak.plan.routes
    assert sum(routes) == total_of(found, "billing-register", "due")


@pytest.mark.req("BIL-10")
def test_the_trial_balance_holds_what_the_postings_say(world: World) -> None:
    found = made("trial-balance", through="2026-12-31")
    receivable = asked(
        "SELECT sum(p.debit) - sum(p.credit) FROM ledger_posting p"
        " JOIN ledger_chartaccount c ON c.id = p.chart_account_id WHERE c.role = 'receivable'"
    )[0]
    rows = {line.cells[0]: line.cells for line in found if line.kind == "row"}
    code = asked("SELECT code FROM ledger_chartaccount WHERE role = 'receivable'")[0]
    assert rows[code][3] == receivable > 0
    debit, credit = (total_of(found, "trial-balance", side) for side in ("debit", "credit"))
    assert debit == credit


def test_the_trial_balance_of_a_day_before_anything_is_empty(world: World) -> None:
    assert [line for line in made("trial-balance", through="2026-08-31") if line.kind == "row"] == []


def test_the_transaction_register_lists_every_posting_of_its_days(world: World) -> None:
    found = made("transaction-register", since="2026-09-01", through="2026-09-01")
    count, debit, credit = asked(
        "SELECT count(*), sum(p.debit), sum(p.credit) FROM ledger_posting p"
        " JOIN ledger_journal j ON j.id = p.journal_id"
        " WHERE j.\"on\" = '2026-09-01'"
    )
    assert sum(line.kind == "row" for line in found) == count
    assert total_of(found, "transaction-register", "debit") == debit == credit


@pytest.mark.parametrize(
    ("day", "column"), [("2026-09-15", "current"), ("2026-10-15", "to_30"), ("2027-03-01", "older")]
)
def test_what_is_owed_ages_with_the_day(world: World, day: str, column: str) -> None:
    found = made("aged-receivables", as_of=day)
    still_open = asked("SELECT sum(open) FROM ledger_openitem")[0]
    assert total_of(found, "aged-receivables", column) == still_open
    assert total_of(found, "aged-receivables", "balance") == still_open


def rows_of_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def rows_of_xlsx(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("Report").to_python()


def test_screen_csv_and_xlsx_have_the_same_rows(live: World) -> None:
    client, address = live.oak.client("viewer"), "/reports/billing-register/?run=1"
    screen = client.get(address)
    as_csv = rows_of_csv(file_of(client.get(f"{address}&form=csv")))
    book = file_of(client.get(f"{address}&form=xlsx"))
    bills = {row[1] for row in as_csv[1:]}
    assert len(bills) == screen.context["rows"] == live.oak.plan.accounts
    charges = [Decimal(row[7]) for row in as_csv[1:]]
    assert f"{sum(charges):,.2f}" in text_of(screen)
    in_book = rows_of_xlsx(book)
    assert [round(Decimal(row[7]), 2) for row in in_book if row[1] in bills] == charges
    assert round(Decimal(in_book[-1][7]), 2) == sum(charges)


def test_a_report_is_made_as_pdf(live: World) -> None:
    answer = live.oak.client("viewer").get("/reports/trial-balance/?form=pdf")
    assert file_of(answer).startswith(b"%PDF")


def test_a_wrong_day_is_told_with_what_was_typed_and_what_to_type(live: World) -> None:
    answer = live.oak.client("viewer").get("/reports/trial-balance/?through=31.12.2026")
    assert answer.status_code == 422
    assert "Write it like 2026-11-22." in text_of(answer)
    assert "31.12.2026" in answer.content.decode()


def test_the_catalogue_is_searched_and_names_only_what_one_may_see(live: World) -> None:
    found = live.oak.client("viewer").get("/reports/?q=aged")
    assert [r.code for _, reports in found.context["groups"] for r in reports] == ["aged-receivables"]
    clerk = text_of(live.oak.client("clerk").get("/reports/"))
    assert "Trial balance" in clerk
    assert "Billing register" not in clerk


def test_a_report_without_its_right_is_refused(live: World) -> None:
    assert live.oak.client("clerk").get("/reports/billing-register/").status_code == 403


def test_an_unknown_report_is_not_found(live: World) -> None:
    assert live.oak.client("viewer").get("/reports/weather/").status_code == 404
