"""Sample figures for the gallery: an invented town, its clerks and one month of its work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from types import SimpleNamespace as Row
from typing import Any

from django import forms
from django.http import QueryDict
from django.urls import path
from django.utils.safestring import mark_safe

from core.periods import Period
from core.ui.columns import Column, shown_rows
from core.ui.context import PLACES, ShownPlace
from core.ui.fields import AmountField, DayInput
from core.ui.objects import ObjectPage
from core.ui.parts import Alert, Blocker, Empty, Entry, Fact, Step, Tab, Verb

NOW = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)
TODAY = date(2026, 11, 22)


def _nowhere(request: Any) -> None:
    """Only its address is used."""


urlpatterns = [
    path("sign-out/", _nowhere, name="account_logout"),
    path("sign-in/", _nowhere, name="account_login"),
]


@dataclass(frozen=True)
class Sample:
    """A page of the gallery."""

    name: str
    template: str
    path: str = "/"
    context: dict[str, Any] = field(default_factory=dict)


def _shell(here: str, training: bool = False, signed_in: bool = True) -> dict[str, Any]:
    groups: dict[str, list[ShownPlace]] = {}
    waiting = {"Readings": 14, "Runs": 2, "Jobs": 1}
    for place in PLACES:
        groups.setdefault(place.group, []).append(ShownPlace(place, place.name == here, waiting.get(place.name)))
    name = "Millbrook Water & Sewer" + (" School" if training else "")
    return {
        "utility": Row(name=name, slug="millbrook", is_training=training),
        "operator": "Dana Whitfield" if signed_in else "",
        "drawer": Row(label="Drawer 2", url="/counter/") if signed_in else None,
        "groups": list(groups.items()),
        "search_url": "/search/",
        "sign_out_url": "/sign-out/",
        "password_url": "/password/",
        "two_step_url": "/two-step/",
        "now": NOW,
    }


def ago(**length: float) -> datetime:
    """A moment before the one the gallery is set in."""
    return NOW - timedelta(**length)


def _chart() -> Any:
    from core.ui import charts

    use = [6.2, 5.8, 5.5, 5.9, 6.4, 7.8, 9.6, 11.2, 10.8, 8.1, 6.6, 6.0, 6.3]
    before = [6.0, 6.1, 5.4, 5.7, 6.8, 8.2, 9.0, 10.1, 10.0, 7.7, 6.9, 6.2, 6.1]
    labels = "Nov Dec Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov".split()
    months = [
        charts.Month(label, D(str(u)), current=i == 12, estimated=i == 3, before=D(str(b)))
        for i, (label, u, b) in enumerate(zip(labels, use, before, strict=True))
    ]
    palette = charts.Palette(
        bar="var(--chart-bar)", current="var(--chart-now)", text="var(--ink-2)", grid="var(--line)", before="var(--chart-before)"
    )
    drawn = charts.use_chart(
        months, title="Water used, last 13 months", unit="thousand gallons", size=(640.0, 190.0), palette=palette, font_size=11.0
    )
    return mark_safe(drawn)


# --- home ---------------------------------------------------------------------------------------------


def _home() -> dict[str, Any]:
    return {
        "shell": _shell("Home"),
        "today": TODAY,
        "greeting": "Good afternoon, Dana",
        "tiles": [
            Row(label="Runs to approve", value="2", amount=None, note="48,211.06 in new charges", url="/runs/", icon="player-play", tone="info"),
            Row(label="Readings to check", value="14", amount=None, note="of 402 on route 3", url="/readings/", icon="gauge", tone="warn"),
            Row(label="Transfers failed", value="0", amount=None, note="last one 40 minutes ago", url="/jobs/", icon="transfer", tone="good"),
            Row(label="Drawers open", value="2", amount=None, note="yours since 8:02 am", url="/counter/", icon="cash-register", tone=""),
            Row(label="Past due over 30 days", value="", amount=D("12480.55"), note="61 accounts", url="/reports/", icon="coins", tone="bad"),
        ],
        "waiting": [
            Row(what="November, cycle 1", detail="391 bills prepared, 3 held; needs a second person", state="review", at=ago(hours=2), url="/runs/118/"),
            Row(what="November, cycle 2", detail="Readings from route 3 are not complete", state="blocked", at=ago(hours=5), url="/runs/119/"),
            Row(what="Readings, route 3", detail="14 out of range, 2 backwards, 1 unknown meter", state="exception", at=ago(hours=6), url="/imports/77/"),
            Row(what="Late fee threshold", detail="Not set; the fee run of Dec 1 needs it", state="unset", at=ago(days=3), url="/policies/"),
        ],
        "jobs": [
            Row(title="Print November, cycle 1", state="running", done=240, total=391, url="/jobs/501/"),
            Row(title="Read file route_3.csv", state="done", done=402, total=402, url="/jobs/500/"),
        ],
        "charts": [("Water billed by month", _chart(), "")],
        "entries": [
            Entry("Payment posted", ago(minutes=4), "Account 10-04417, 86.40 by cheque", "Dana Whitfield", "cash", "good", "/receipts/1/"),
            Entry("Read file received", ago(minutes=38), "route_3.csv, 402 rows, 17 exceptions", "Nightly transfer", "file-import", "info", "/imports/77/"),
            Entry("Adjustment reversed", ago(hours=3), "Account 10-00031", "R. Alvarez", "arrow-back-up", "quiet", "/accounts/31/"),
        ],
    }  # fmt: skip


# --- list ---------------------------------------------------------------------------------------------


class Filters(forms.Form):
    """Filters as a list page shows them."""

    q = forms.CharField(label="Name or address", required=False)
    cycle = forms.ChoiceField(choices=[("", "All"), ("1", "Cycle 1"), ("2", "Cycle 2")], required=False)
    state = forms.ChoiceField(choices=[("", "All"), ("active", "Active"), ("shut_off", "Shut off")], required=False)
    least = AmountField(label="Owes at least", required=False)


_NAMES = (
    "Abernathy, Ruth", "Alvarez, Marco & Lucia", "Barrow Street Laundry", "Beckett, Thomas", "Brightwater Apartments",
    "Chen, Wei", "Church of the Good Shepherd", "Dlugosz, Anna", "Eastman, Carla", "First Street Diner", "Garza, Hector",
    "Hollis, Jean", "Iverson, Per", "Jackson, Tyrell", "Kowalski, Ewa", "Lindqvist, Maja", "Millbrook School District 12",
    "Nguyen, Thanh", "O’Hara, Siobhan", "Pruitt, Dale",
)  # fmt: skip
_STREETS = ("Mill St", "Barrow St", "Orchard Ln", "Route 9", "Depot Rd", "N Main St")


def _accounts() -> list[Row]:
    rows = []
    for i, name in enumerate(_NAMES):
        owed = [D("86.40"), D("0.00"), D("412.75"), D("-23.10"), D("58.12"), D("1204.66")][i % 6]
        state = ["active", "active", "active", "active", "shut_off", "final", "active"][i % 7]
        rows.append(
            Row(pk=i, number=f"10-{4401 + i * 7:05d}", name=name, place=f"{12 + i * 9} {_STREETS[i % 6]}", cycle=1 + i % 2,
                state=state, balance=owed, due=date(2026, 12, 12) if owed > 0 else None, seen=ago(hours=i * 7)),
        )  # fmt: skip
    return rows


_COLUMNS = (
    Column("number", "Account", kind="code", sort="number", href=lambda r: f"/accounts/{r.pk}/"),
    Column("name", "Name", sort="name"),
    Column("place", "Service address", sort="place"),
    Column("cycle", "Cycle", kind="number", sort="cycle"),
    Column("state", "State", kind="status", sort="state"),
    Column("due", "Due", kind="date", sort="due"),
    Column("balance", "Balance", kind="amount", sort="balance", href=lambda r: f"/accounts/{r.pk}/?tab=transactions",
           calculation=True, may_credit=True),
)  # fmt: skip


def _list(rows: list[Row]) -> dict[str, Any]:
    from core.ui.lists import Heading, UsedFilter

    page = Row(
        title="Accounts", about="Everyone who is or was billed. The balance is everything open on the account.", noun="accounts",
        columns=(*_COLUMNS, Column("phone", "Telephone", chosen=False)), template="", name="accounts",
        bulk=(Verb("Add note", "/accounts/note/", "note", "N"),),
        empty=Empty("No accounts yet", "An account is opened when somebody moves in, or comes with the first import of customers.", "users",
                    Verb("Open an account", "/accounts/new/", "plus", "n")),
    )  # fmt: skip
    return {
        "shell": _shell("Accounts"), "page": page, "form": Filters(QueryDict("cycle=1")), "columns": _COLUMNS,
        "headings": [Heading(c, f"?sort={c.name}", "descending" if c.name == "balance" else "") for c in _COLUMNS],
        "rows": shown_rows(_COLUMNS, rows, lambda r: f"/accounts/{r.pk}/"), "total": 12408 if rows else 0, "first": 1, "last": len(rows),
        "previous": "", "next": "?page=2", "csv": "?export=csv", "xlsx": "?export=xlsx", "clear": "?", "kept": [],
        "used": [UsedFilter("Cycle: Cycle 1", "?")] if rows else [],
        "verbs": [Verb("Open an account", "/accounts/new/", "plus", "n", main=True)],
    }  # fmt: skip


# --- account ------------------------------------------------------------------------------------------


def _account() -> dict[str, Any]:
    from django.template.loader import render_to_string

    tabs = [
        ("overview", "Overview", "o", None), ("transactions", "Transactions", "t", None), ("bills", "Bills", "b", 38),
        ("usage", "Usage", "u", None), ("meters", "Meters", "m", 1), ("services", "Services", "s", 3),
        ("people", "People", "p", None), ("deposits", "Deposits", "d", None), ("plans", "Plans", "l", None),
        ("orders", "Orders", "w", 1), ("notes", "Notes", "n", 4), ("documents", "Documents", "f", None), ("history", "History", "y", None),
    ]  # fmt: skip
    context = {
        "shell": {"now": NOW},
        "owed": [
            Row(text="Water, 6,300 gallons, October", due=date(2026, 11, 12), state="past_due", amount=D("48.22"), url="/calc/1/"),
            Row(text="Sewer, from water used, October", due=date(2026, 11, 12), state="past_due", amount=D("31.08"), url="/calc/2/"),
            Row(text="Water, 6,100 gallons, November", due=date(2026, 12, 12), state="due", amount=D("46.80"), url="/calc/3/"),
            Row(text="Sewer, from water used, November", due=date(2026, 12, 12), state="due", amount=D("30.10"), url="/calc/4/"),
            Row(text="Refuse, one container", due=date(2026, 12, 12), state="due", amount=D("18.00"), url="/calc/5/"),
        ],
        "payoff": D("174.20"), "current": D("79.30"), "in_words": "November is not due yet",
        "services": [
            Row(name="Water", tariff="Residential inside town, ⅝ inch", meter="48812093", last_read="1,284.6 on Nov 18", state="active"),
            Row(name="Sewer", tariff="Residential, from water used", meter="", last_read="", state="active"),
            Row(name="Refuse", tariff="One 96-gallon container", meter="", last_read="", state="active"),
        ],
        "usage_chart": _chart(), "usage_note": "6,100 gallons this month; 6,000 in the same month last year.",
        "people": [
            Fact("Customer", "Thomas Beckett", url="/customers/4/"), Fact("Telephone", "(555) 014-2288"), Fact("Mail", "t.beckett@example.org"),
            Fact("Bills to", "Mill St 39, Millbrook"), Fact("Landlord", "Brightwater Apartments LLC"), Fact("Moved in", "Mar 4, 2021"),
        ],
        "entries": [
            Entry("Bill posted", ago(days=2), "November, 94.90, due Dec 12, 2026", "R. Alvarez", "receipt", "info", "/bills/9/"),
            Entry("Note", ago(days=6), "Will pay October on the 28th; asked for a call.", "Dana Whitfield", "note", "quiet"),
            Entry("Reading", ago(days=4), "1,284.6, in range", "Route 3", "gauge", "good"),
        ],
    }  # fmt: skip
    page = ObjectPage(
        facts=[
            Fact("Payoff", amount=D("174.20"), url="/calc/", note="everything open"),
            Fact("Current", amount=D("79.30"), url="/calc/", note="may be collected"),
            Fact("Due", "Dec 12, 2026", note="in 20 days"),
            Fact("Last payment", amount=D("86.40"), note="Oct 9, 2026"),
        ],
        alerts=[
            Alert("CASH ONLY", "two cheques returned", "cash", "bad", pulse=True),
            Alert("Life support", "medical certificate to Mar 31, 2027", "heartbeat", "hold"),
            Alert("Past due", "79.30 for 10 days", "alert-circle", "warn"),
        ],
        verbs=[
            Verb("Pay", "/pay/", "cash", "p", main=True), Verb("Note", "/note/", "note", "n"), Verb("Adjust", "/adjust/", "adjustments", "a"),
            Verb("Arrange", "/arrange/", "heart-handshake", "r"), Verb("Order", "/order/", "tool", "o"), Verb("Move out", "/move/", "door-exit", "m"),
        ],
        tabs=[Tab(n, label, f"?tab={n}", k, c) for n, label, k, c in tabs], tab="overview",
        panel=render_to_string("account_overview.html", context),
    )  # fmt: skip
    subject = Row(number="10-04422", name="Beckett, Thomas", place="39 Mill St, Apt 2, Millbrook", state="active")
    return {"shell": _shell("Accounts", training=True), "subject": subject, "object": page}


# --- run, job, policies -------------------------------------------------------------------------------


def _job(state: str = "running") -> Row:
    return Row(id=501, title="Print November, cycle 1", state=state, done=240, total=391, noun="bills", seconds=31, running=state == "running",
               step="Laying out bills 201–300", problem="")  # fmt: skip


def _run() -> dict[str, Any]:
    steps = [
        Step("Open", "done", "Cycle 1, Oct 18 to Nov 18, 394 accounts", "Dana Whitfield", ago(days=1)),
        Step("Prepare", "done", "391 bills prepared, 3 held, in 0.4 s", "Dana Whitfield", ago(hours=3),
             facts=[Fact("New charges", amount=D("31204.18"), url="/calc/"), Fact("Held", "3", url="/holds/")]),
        Step("Review", "review", "Look at the totals, what is held and the sample bills.", "", None, current=True,
             blockers=[Blocker("2 readings on route 3 were never acknowledged", "/readings/"), Blocker("Account 10-04471 has no tariff for sewer", "/holds/2/")],
             verbs=[Verb("Prepare again", "/prepare/", "refresh", "r", post=True)]),
        Step("Approve", "blocked", "By a second person; binds to exactly these charges.",
             verbs=[Verb("Approve", "", "square-check", main=True, why_not="You prepared this run; somebody else approves it.")]),
        Step("Post", "todo", "Writes the bills and their journals."),
        Step("Print", "todo", "One file with a page index, in route order."),
    ]  # fmt: skip
    return {
        "shell": _shell("Runs"),
        "run": Row(number="118", name="November, cycle 1", cycle="Cycle 1", period=Period(date(2026, 10, 18), date(2026, 11, 18)),
                   bill_on=date(2026, 11, 22), due_on=date(2026, 12, 12), state="review"),
        "steps": steps,
        "facts": [
            Fact("New charges", amount=D("31204.18"), note="+2.1 % on October", url="/calc/"), Fact("Bills", "391", note="394 accounts"),
            Fact("Held", "3", note="612.40 at risk", url="/holds/"), Fact("Water billed", "2,611.4", note="thousand gallons"),
        ],
        "totals": [
            Row(name="Residential, inside", bills=301, amount=D("18220.45"), change="+1.4 %", url="/calc/1/"),
            Row(name="Residential, outside", bills=48, amount=D("4876.11"), change="−0.6 %", url="/calc/2/"),
            Row(name="Commercial", bills=37, amount=D("6420.37"), change="+6.9 %", url="/calc/3/"),
            Row(name="Public", bills=5, amount=D("1687.25"), change="0.0 %", url="/calc/4/"),
        ],
        "whole": Row(bills=391, amount=D("31204.18"), change="+2.1 %"),
        "holds": [
            Row(account="10-04415", reason="Use is 4.2 times last November", at_risk=D("402.18"), url="/accounts/1/"),
            Row(account="10-04471", reason="No tariff for sewer on Nov 1, 2026", at_risk=D("128.02"), url="/accounts/2/"),
            Row(account="10-04520", reason="Reading goes backwards", at_risk=D("82.20"), url="/accounts/3/"),
        ],
        "holds_url": "/holds/",
        "samples": [Row(text="A usual house", url="/bills/1/"), Row(text="Most used", url="/bills/2/"), Row(text="A tiered commercial bill", url="/bills/3/"), Row(text="First bill after a move", url="/bills/4/")],
        "verbs": [Verb("Register", "/reports/", "report-analytics", "e"), Verb("Cancel run", "/cancel/", "ban")],
    }  # fmt: skip


def _job_page() -> dict[str, Any]:
    chunks = [Row(number=n, done=min(100, max(0, 240 - (n - 1) * 100)), size=100 if n < 4 else 91, attempts=1 if n < 4 else 0,
                  state="done" if n < 3 else "running" if n == 3 else "ready", problem="Started again after a worker stopped" if n == 2 else "")
              for n in range(1, 5)]  # fmt: skip
    return {
        "shell": _shell("Jobs"), "job": _job(), "live_url": "/job-live.html", "cancel_url": "/jobs/501/cancel/", "chunks": chunks,
        "facts": [Fact("Asked for by", "R. Alvarez"), Fact("Started", "Nov 22, 2026, 2:04 pm CST"), Fact("For", "November, cycle 1", url="/runs/118/")],
        "result": [Fact("Pages so far", "251"), Fact("File", "november-cycle-1.pdf")],
    }  # fmt: skip


def _policies() -> dict[str, Any]:
    def one(name: str, about: str, shown: str, needed: str = "", later: str = "") -> Row:
        return Row(code=name.lower(), name=name, about=about, shown=shown, is_set=bool(shown), needed_by=needed, next=later,
                   since=date(2025, 7, 1) if shown else None, by="A. Okafor" if shown else "", url="/policies/one/")  # fmt: skip

    return {
        "shell": _shell("Policies"), "unset": 1, "on": TODAY,
        "groups": [
            ("Billing", [
                one("Days until due", "From the date of a bill to its due date.", "20 days"),
                one("High use", "A reading beyond this share of the same month last year is held.", "250 %", later="200 % from Jan 1, 2027"),
                one("Rounding", "Each charge is rounded, or the total alone.", "Each charge"),
            ]),
            ("Collections", [
                one("Late fee", "Per cent of what is past due when the fee run looks.", "5 %"),
                one("Least past due for a fee", "Below it no late fee is charged.", "", "needed by the fee run of Dec 1, 2026"),
            ]),
            ("People", [one("Single operator", "One person may prepare and approve; shown on every document it touches.", "No")]),
        ],
    }  # fmt: skip


class PolicyForm(forms.Form):
    """A policy's form."""

    value = AmountField(label="Least past due for a fee", help_text="In dollars. 0.00 charges a fee on every cent past due.")
    starts = forms.DateField(label="From", widget=DayInput)
    reason = forms.CharField(label="Why", widget=forms.Textarea(attrs={"rows": 2}), help_text="Kept with the change.")
    tell = forms.BooleanField(label="Tell the billing staff", required=False)


class SignIn(forms.Form):
    """As the sign-in page shows it."""

    login = forms.CharField(label="Name", widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


class Code(forms.Form):
    """The second step."""

    code = forms.CharField(label="Code", widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}))


def _policy() -> dict[str, Any]:
    groups = _policies()["groups"]
    return {
        "shell": _shell("Policies"), "policy": groups[1][1][1], "form": PolicyForm(QueryDict("value=12.345&reason=Board resolution 26-14")),
        "history": [Row(starts=date(2024, 7, 1), shown="2.00", by="A. Okafor", at=ago(days=870)), Row(starts=date(2022, 7, 1), shown="5.00", by="A. Okafor", at=ago(days=1600))],
    }  # fmt: skip


def _kit() -> dict[str, Any]:
    from core.ui.statuses import LOOKS

    return {
        "shell": _shell("Home"), "states": list(LOOKS), "credit": D("-23.10"), "debit": D("1204.66"), "period": Period(date(2026, 10, 18), date(2026, 11, 18)),
        "columns": _COLUMNS[:1] + _COLUMNS[1:2] + _COLUMNS[-1:], "rows": _accounts()[:5], "foot": [None, "Together", D("1738.83")],
        "now": NOW, "today": TODAY, "form": PolicyForm(QueryDict("value=abc")),
        "alerts": [Alert("Notice", "in each tone", tone=t) for t in ("good", "info", "warn", "bad", "hold")],
        "groups": [("Accounts", [Row(icon="user", title="10-04422 Beckett, Thomas", note="39 Mill St, Apt 2", url="/a/", aside="174.20"), Row(icon="user", title="10-04501 Beckett, Ana", note="7 Depot Rd", url="/b/", aside="")]),
                   ("Commands", [Row(icon="player-play", title="Open a bill run", note="", url="/runs/new/", aside="")])],
        "tabs": [Tab("a", "Overview", "#", "o"), Tab("b", "Bills", "#", "b", 12)],
    }  # fmt: skip


_PAGES: tuple[tuple[str, str, str, Callable[[], dict[str, Any]]], ...] = (
    ("home", "home.html", "/", _home),
    ("list", "list.html", "/accounts/", lambda: _list(_accounts())),
    ("list-empty", "list.html", "/accounts/", lambda: _list([])),
    ("account", "object.html", "/accounts/4/", _account),
    ("run", "run.html", "/runs/118/", _run),
    ("job", "job.html", "/jobs/501/", _job_page),
    ("job-live", "ui/job_live.html", "/jobs/501/live/", _job_page),
    ("policies", "policies.html", "/policies/", _policies),
    ("policy", "policy.html", "/policies/one/", _policy),
    ("sign-in", "account/login.html", "/sign-in/", lambda: {"shell": _shell("", signed_in=False), "form": SignIn()}),
    ("sign-in-wrong", "account/login.html", "/sign-in/", lambda: {"shell": _shell("", True, False), "form": SignIn(QueryDict("login=dana"))}),
    ("second-step", "mfa/authenticate.html", "/code/", lambda: {"shell": _shell("", signed_in=False), "form": Code()}),
    ("locked-out", "account/locked_out.html", "/sign-in/", lambda: {"shell": _shell("", signed_in=False), "cooloff_time": "30 minutes"}),
    ("404", "404.html", "/x/", dict),
    ("403", "403.html", "/x/", dict),
    ("500", "500.html", "/x/", dict),
    ("kit", "gallery/kit.html", "/", _kit),
)  # fmt: skip


def samples() -> list[Sample]:
    """Every page of the gallery."""
    return [Sample(name, template, address, context()) for name, template, address, context in _PAGES]
