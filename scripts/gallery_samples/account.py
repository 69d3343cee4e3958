"""One account."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace as Row
from typing import Any

from core.ui.objects import ObjectPage
from core.ui.parts import Alert, Entry, Fact, Tab, Verb
from scripts.gallery_samples.frame import NOW, ago, chart, shell


def account() -> dict[str, Any]:
    from django.template.loader import render_to_string

    tabs = [
        ("overview", "Overview", "o", None),
        ("transactions", "Transactions", "t", None),
        ("bills", "Bills", "b", 38),
        ("usage", "Usage", "u", None),
        ("meters", "Meters", "m", 1),
        ("services", "Services", "s", 3),
        ("people", "People", "p", None),
        ("deposits", "Deposits", "d", None),
        ("plans", "Plans", "l", None),
        ("orders", "Orders", "w", 1),
        ("notes", "Notes", "n", 4),
        ("documents", "Documents", "f", None),
        ("history", "History", "y", None),
    ]
    context = {
        "shell": {"now": NOW},
        "owed": [
            Row(
                text="Water, 6,300 gallons, October",
                due=date(2026, 11, 12),
                state="past_due",
                amount=Decimal("48.22"),
                url="/calc/1/",
            ),
            Row(
                text="Sewer, from water used, October",
                due=date(2026, 11, 12),
                state="past_due",
                amount=Decimal("31.08"),
                url="/calc/2/",
            ),
            Row(
                text="Water, 6,100 gallons, November",
                due=date(2026, 12, 12),
                state="due",
                amount=Decimal("46.80"),
                url="/calc/3/",
            ),
            Row(
                text="Sewer, from water used, November",
                due=date(2026, 12, 12),
                state="due",
                amount=Decimal("30.10"),
                url="/calc/4/",
            ),
            Row(
                text="Refuse, one container",
                due=date(2026, 12, 12),
                state="due",
                amount=Decimal("18.00"),
                url="/calc/5/",
            ),
        ],
        "payoff": Decimal("174.20"),
        "current": Decimal("79.30"),
        "in_words": "November is not due yet",
        "services": [
            Row(
                name="Water",
                tariff="Residential inside town, ⅝ inch",
                meter="48812093",
                last_read="1,284.6 on Nov 18",
                state="active",
            ),
            Row(name="Sewer", tariff="Residential, from water used", meter="", last_read="", state="active"),
            Row(name="Refuse", tariff="One 96-gallon container", meter="", last_read="", state="active"),
        ],
        "usage_chart": chart(),
        "usage_note": "6,100 gallons this month; 6,000 in the same month last year.",
        "people": [
            Fact("Customer", "Thomas Beckett", url="/customers/4/"),
            Fact("Telephone", "(555) 014-2288"),
            Fact("Mail", "t.beckett@example.org"),
            Fact("Bills to", "Mill St 39, Millbrook"),
            Fact("Landlord", "Brightwater Apartments LLC"),
            Fact("Moved in", "Mar 4, 2021"),
        ],
        "entries": [
            Entry(
                "Bill posted",
                ago(days=2),
                "November, 94.90, due Dec 12, 2026",
                "R. Alvarez",
                "receipt",
                "info",
                "/bills/9/",
            ),
            Entry(
                "Note",
                ago(days=6),
                "Will pay October on the 28th; asked for a call.",
                "Dana Whitfield",
                "note",
                "quiet",
            ),
            Entry("Reading", ago(days=4), "1,284.6, in range", "Route 3", "gauge", "good"),
        ],
    }
    page = ObjectPage(
        facts=[
            Fact("Payoff", amount=Decimal("174.20"), url="/calc/", note="everything open"),
            Fact("Current", amount=Decimal("79.30"), url="/calc/", note="may be collected"),
            Fact("Due", "Dec 12, 2026", note="in 20 days"),
            Fact("Last payment", amount=Decimal("86.40"), note="Oct 9, 2026"),
        ],
        alerts=[
            Alert("CASH ONLY", "two cheques returned", "cash", "bad", pulse=True),
            Alert("Life support", "medical certificate to Mar 31, 2027", "heartbeat", "hold"),
            Alert("Past due", "79.30 for 10 days", "alert-circle", "warn"),
        ],
        verbs=[
            Verb("Pay", "/pay/", "cash", "p", main=True),
            Verb("Note", "/note/", "note", "n"),
            Verb("Adjust", "/adjust/", "adjustments", "a"),
            Verb("Arrange", "/arrange/", "heart-handshake", "r"),
            Verb("Order", "/order/", "tool", "o"),
            Verb("Move out", "/move/", "door-exit", "m"),
        ],
        tabs=[Tab(n, label, f"?tab={n}", k, c) for n, label, k, c in tabs],
        tab="overview",
        panel=render_to_string("account_overview.html", context),
    )
    subject = Row(
        number="10-04422", name="Beckett, Thomas", place="39 Mill St, Apt 2, Millbrook", state="active"
    )
    return {"shell": shell("Accounts", training=True), "subject": subject, "object": page}
