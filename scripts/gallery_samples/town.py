"""Home and the list of accounts."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace as Row
from typing import Any

from django import forms
from django.http import QueryDict

from core.ui.columns import Column, shown_rows
from core.ui.fields import AmountField
from core.ui.parts import Empty, Entry, Verb
from scripts.gallery_samples.frame import TODAY, ago, chart, shell


def home() -> dict[str, Any]:
    return {
        "shell": shell("Home"),
        "today": TODAY,
        "greeting": "Good afternoon, Dana",
        "tiles": [
            Row(
                label="Runs to approve",
                value="2",
                amount=None,
                note="48,211.06 in new charges",
                url="/runs/",
                icon="player-play",
                tone="info",
            ),
            Row(
                label="Readings to check",
                value="14",
                amount=None,
                note="of 402 on route 3",
                url="/readings/",
                icon="gauge",
                tone="warn",
            ),
            Row(
                label="Transfers failed",
                value="0",
                amount=None,
                note="last one 40 minutes ago",
                url="/jobs/",
                icon="transfer",
                tone="good",
            ),
            Row(
                label="Drawers open",
                value="2",
                amount=None,
                note="yours since 8:02 am",
                url="/counter/",
                icon="cash-register",
                tone="",
            ),
            Row(
                label="Past due over 30 days",
                value="",
                amount=Decimal("12480.55"),
                note="61 accounts",
                url="/reports/",
                icon="coins",
                tone="bad",
            ),
        ],
        "waiting": [
            Row(
                what="November, cycle 1",
                detail="391 bills prepared, 3 held; needs a second person",
                state="review",
                at=ago(hours=2),
                url="/runs/118/",
            ),
            Row(
                what="November, cycle 2",
                detail="Readings from route 3 are not complete",
                state="blocked",
                at=ago(hours=5),
                url="/runs/119/",
            ),
            Row(
                what="Readings, route 3",
                detail="14 out of range, 2 backwards, 1 unknown meter",
                state="exception",
                at=ago(hours=6),
                url="/imports/77/",
            ),
            Row(
                what="Late fee threshold",
                detail="Not set; the fee run of Dec 1 needs it",
                state="unset",
                at=ago(days=3),
                url="/policies/",
            ),
        ],
        "jobs": [
            Row(title="Print November, cycle 1", state="running", done=240, total=391, url="/jobs/501/"),
            Row(title="Read file route_3.csv", state="done", done=402, total=402, url="/jobs/500/"),
        ],
        "charts": [("Water billed by month", chart(), "")],
        "entries": [
            Entry(
                "Payment posted",
                ago(minutes=4),
                "Account 10-04417, 86.40 by cheque",
                "Dana Whitfield",
                "cash",
                "good",
                "/receipts/1/",
            ),
            Entry(
                "Read file received",
                ago(minutes=38),
                "route_3.csv, 402 rows, 17 exceptions",
                "Nightly transfer",
                "file-import",
                "info",
                "/imports/77/",
            ),
            Entry(
                "Adjustment reversed",
                ago(hours=3),
                "Account 10-00031",
                "R. Alvarez",
                "arrow-back-up",
                "quiet",
                "/accounts/31/",
            ),
        ],
    }


class Filters(forms.Form):
    """Filters as a list page shows them."""

    q = forms.CharField(label="Name or address", required=False)
    cycle = forms.ChoiceField(choices=[("", "All"), ("1", "Cycle 1"), ("2", "Cycle 2")], required=False)
    state = forms.ChoiceField(
        choices=[("", "All"), ("active", "Active"), ("shut_off", "Shut off")], required=False
    )
    least = AmountField(label="Owes at least", required=False)


_NAMES = (
    "Abernathy, Ruth",
    "Alvarez, Marco & Lucia",
    "Barrow Street Laundry",
    "Beckett, Thomas",
    "Brightwater Apartments",
    "Chen, Wei",
    "Church of the Good Shepherd",
    "Dlugosz, Anna",
    "Eastman, Carla",
    "First Street Diner",
    "Garza, Hector",
    "Hollis, Jean",
    "Iverson, Per",
    "Jackson, Tyrell",
    "Kowalski, Ewa",
    "Lindqvist, Maja",
    "Millbrook School District 12",
    "Nguyen, Thanh",
    "O’Hara, Siobhan",
    "Pruitt, Dale",
)
_STREETS = ("Mill St", "Barrow St", "Orchard Ln", "Route 9", "Depot Rd", "N Main St")


def account_rows() -> list[Row]:
    rows = []
    for i, name in enumerate(_NAMES):
        owed = [
            Decimal("86.40"),
            Decimal("0.00"),
            Decimal("412.75"),
            Decimal("-23.10"),
            Decimal("58.12"),
            Decimal("1204.66"),
        ][i % 6]
        state = ["active", "active", "active", "active", "shut_off", "final", "active"][i % 7]
        rows.append(
            Row(
                pk=i,
                number=f"10-{4401 + i * 7:05d}",
                name=name,
                place=f"{12 + i * 9} {_STREETS[i % 6]}",
                cycle=1 + i % 2,
                state=state,
                balance=owed,
                due=date(2026, 12, 12) if owed > 0 else None,
                seen=ago(hours=i * 7),
            ),
        )
    return rows


COLUMNS = (
    Column("number", "Account", kind="code", sort="number", href=lambda r: f"/accounts/{r.pk}/"),
    Column("name", "Name", sort="name"),
    Column("place", "Service address", sort="place"),
    Column("cycle", "Cycle", kind="number", sort="cycle"),
    Column("state", "State", kind="status", sort="state"),
    Column("due", "Due", kind="date", sort="due"),
    Column(
        "balance",
        "Balance",
        kind="amount",
        sort="balance",
        href=lambda r: f"/accounts/{r.pk}/?tab=transactions",
        calculation=True,
        may_credit=True,
    ),
)


def list_page(rows: list[Row]) -> dict[str, Any]:
    from core.ui.lists import Heading, UsedFilter

    page = Row(
        title="Accounts",
        about="Everyone who is or was billed. The balance is everything open on the account.",
        noun="accounts",
        columns=(*COLUMNS, Column("phone", "Telephone", chosen=False)),
        template="",
        name="accounts",
        bulk=(Verb("Add note", "/accounts/note/", "note", "N"),),
        empty=Empty(
            "No accounts yet",
            "An account is opened when somebody moves in, or comes with the first import of customers.",
            "users",
            Verb("Open an account", "/accounts/new/", "plus", "n"),
        ),
    )
    return {
        "shell": shell("Accounts"),
        "page": page,
        "form": Filters(QueryDict("cycle=1")),
        "columns": COLUMNS,
        "headings": [
            Heading(c, f"?sort={c.name}", "descending" if c.name == "balance" else "") for c in COLUMNS
        ],
        "rows": shown_rows(COLUMNS, rows, lambda r: f"/accounts/{r.pk}/"),
        "total": 12408 if rows else 0,
        "first": 1,
        "last": len(rows),
        "previous": "",
        "next": "?page=2",
        "csv": "?export=csv",
        "xlsx": "?export=xlsx",
        "clear": "?",
        "kept": [],
        "used": [UsedFilter("Cycle: Cycle 1", "?")] if rows else [],
        "verbs": [Verb("Open an account", "/accounts/new/", "plus", "n", main=True)],
    }
