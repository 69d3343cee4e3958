"""Runs, jobs and policies."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace as Row
from typing import Any

from django import forms
from django.http import QueryDict

from core.periods import Period
from core.ui.fields import AmountField, DayInput
from core.ui.parts import Blocker, Fact, Step, Verb
from scripts.gallery_samples.frame import TODAY, ago, shell


def job_row(state: str = "running") -> Row:
    return Row(
        id=501,
        title="Print November, cycle 1",
        state=state,
        done=240,
        total=391,
        noun="bills",
        seconds=31,
        running=state == "running",
        step="Laying out bills 201–300",
        problem="",
    )


def run() -> dict[str, Any]:
    steps = [
        Step("Open", "done", "Cycle 1, Oct 18 to Nov 18, 394 accounts", "Dana Whitfield", ago(days=1)),
        Step(
            "Prepare",
            "done",
            "391 bills prepared, 3 held, in 0.4 s",
            "Dana Whitfield",
            ago(hours=3),
            facts=[
                Fact("New charges", amount=Decimal("31204.18"), url="/calc/"),
                Fact("Held", "3", url="/holds/"),
            ],
        ),
        Step(
            "Review",
            "review",
            "Look at the totals, what is held and the sample bills.",
            "",
            None,
            current=True,
            blockers=[
                Blocker("2 readings on route 3 were never acknowledged", "/readings/"),
                Blocker("Account 10-04471 has no tariff for sewer", "/holds/2/"),
            ],
            verbs=[Verb("Prepare again", "/prepare/", "refresh", "r", post=True)],
        ),
        Step(
            "Approve",
            "blocked",
            "By a second person; binds to exactly these charges.",
            verbs=[
                Verb(
                    "Approve",
                    "",
                    "square-check",
                    main=True,
                    why_not="You prepared this run; somebody else approves it.",
                )
            ],
        ),
        Step("Post", "todo", "Writes the bills and their journals."),
        Step("Print", "todo", "One file with a page index, in route order."),
    ]
    return {
        "shell": shell("Runs"),
        "run": Row(
            number="118",
            name="November, cycle 1",
            cycle="Cycle 1",
            period=Period(date(2026, 10, 18), date(2026, 11, 18)),
            bill_on=date(2026, 11, 22),
            due_on=date(2026, 12, 12),
            state="review",
        ),
        "steps": steps,
        "facts": [
            Fact("New charges", amount=Decimal("31204.18"), note="+2.1 % on October", url="/calc/"),
            Fact("Bills", "391", note="394 accounts"),
            Fact("Held", "3", note="612.40 at risk", url="/holds/"),
            Fact("Water billed", "2,611.4", note="thousand gallons"),
        ],
        "totals": [
            Row(
                name="Residential, inside",
                bills=301,
                amount=Decimal("18220.45"),
                change="+1.4 %",
                url="/calc/1/",
            ),
            Row(
                name="Residential, outside",
                bills=48,
                amount=Decimal("4876.11"),
                change="−0.6 %",
                url="/calc/2/",
            ),
            Row(name="Commercial", bills=37, amount=Decimal("6420.37"), change="+6.9 %", url="/calc/3/"),
            Row(name="Public", bills=5, amount=Decimal("1687.25"), change="0.0 %", url="/calc/4/"),
        ],
        "whole": Row(bills=391, amount=Decimal("31204.18"), change="+2.1 %"),
        "holds": [
            Row(
                account="10-04415",
                reason="Use is 4.2 times last November",
                at_risk=Decimal("402.18"),
                url="/accounts/1/",
            ),
            Row(
                account="10-04471",
                reason="No tariff for sewer on Nov 1, 2026",
                at_risk=Decimal("128.02"),
                url="/accounts/2/",
            ),
            Row(
                account="10-04520",
                reason="Reading goes backwards",
                at_risk=Decimal("82.20"),
                url="/accounts/3/",
            ),
        ],
        "holds_url": "/holds/",
        "samples": [
            Row(text="A usual house", url="/bills/1/"),
            Row(text="Most used", url="/bills/2/"),
            Row(text="A tiered commercial bill", url="/bills/3/"),
            Row(text="First bill after a move", url="/bills/4/"),
        ],
        "verbs": [
            Verb("Register", "/reports/", "report-analytics", "e"),
            Verb("Cancel run", "/cancel/", "ban"),
        ],
    }


def job_page() -> dict[str, Any]:
    chunks = [
        Row(
            number=n,
            done=min(100, max(0, 240 - (n - 1) * 100)),
            size=100 if n < 4 else 91,
            attempts=1 if n < 4 else 0,
            state="done" if n < 3 else "running" if n == 3 else "ready",
            problem="Started again after a worker stopped" if n == 2 else "",
        )
        for n in range(1, 5)
    ]
    return {
        "shell": shell("Jobs"),
        "job": job_row(),
        "live_url": "/job-live.html",
        "cancel_url": "/jobs/501/cancel/",
        "chunks": chunks,
        "facts": [
            Fact("Asked for by", "R. Alvarez"),
            Fact("Started", "Nov 22, 2026, 2:04 pm CST"),
            Fact("For", "November, cycle 1", url="/runs/118/"),
        ],
        "result": [Fact("Pages so far", "251"), Fact("File", "november-cycle-1.pdf")],
    }


def policies() -> dict[str, Any]:
    def one(name: str, about: str, shown: str, needed: str = "", later: str = "") -> Row:
        return Row(
            code=name.lower(),
            name=name,
            about=about,
            shown=shown,
            is_set=bool(shown),
            needed_by=needed,
            next=later,
            since=date(2025, 7, 1) if shown else None,
            by="A. Okafor" if shown else "",
            url="/policies/one/",
        )

    return {
        "shell": shell("Policies"),
        "unset": 1,
        "on": TODAY,
        "groups": [
            (
                "Billing",
                [
                    one("Days until due", "From the date of a bill to its due date.", "20 days"),
                    one(
                        "High use",
                        "A reading beyond this share of the same month last year is held.",
                        "250 %",
                        later="200 % from Jan 1, 2027",
                    ),
                    one("Rounding", "Each charge is rounded, or the total alone.", "Each charge"),
                ],
            ),
            (
                "Collections",
                [
                    one("Late fee", "Per cent of what is past due when the fee run looks.", "5 %"),
                    one(
                        "Least past due for a fee",
                        "Below it no late fee is charged.",
                        "",
                        "needed by the fee run of Dec 1, 2026",
                    ),
                ],
            ),
            (
                "People",
                [
                    one(
                        "Single operator",
                        "One person may prepare and approve; shown on every document it touches.",
                        "No",
                    )
                ],
            ),
        ],
    }


class PolicyForm(forms.Form):
    """A policy's form."""

    value = AmountField(
        label="Least past due for a fee", help_text="In dollars. 0.00 charges a fee on every cent past due."
    )
    starts = forms.DateField(label="From", widget=DayInput)
    reason = forms.CharField(
        label="Why", widget=forms.Textarea(attrs={"rows": 2}), help_text="Kept with the change."
    )
    tell = forms.BooleanField(label="Tell the billing staff", required=False)


class SignIn(forms.Form):
    """As the sign-in page shows it."""

    login = forms.CharField(label="Name", widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


class Code(forms.Form):
    """The second step."""

    code = forms.CharField(
        label="Code", widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
    )


def policy() -> dict[str, Any]:
    groups = policies()["groups"]
    return {
        "shell": shell("Policies"),
        "policy": groups[1][1][1],
        "form": PolicyForm(QueryDict("value=12.345&reason=Board resolution 26-14")),
        "history": [
            Row(starts=date(2024, 7, 1), shown="2.00", by="A. Okafor", at=ago(days=870)),
            Row(starts=date(2022, 7, 1), shown="5.00", by="A. Okafor", at=ago(days=1600)),
        ],
    }
