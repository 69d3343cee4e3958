"""What a reviewer sees of a run beside its steps: checks, totals, exceptions by money at risk, samples."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString, mark_safe

from billing import queries
from billing.checking import checks_of, measures_of, sample_of
from billing.models import Run
from billing.queries import RunFigures
from billing.review.counting import services_line
from billing.review.ground import Check
from billing.review.lists import LISTS
from billing.run_totals import TotalLine, charges_by_run, run_before, same_last_year, total_lines
from billing.web.checklist import AT_WORK, RunSeen, lacking
from billing.web.reasons import reason_text
from core.ui.charts import Month, Palette, use_chart
from core.ui.parts import Fact

TOP = 6
_SCREEN = Palette(bar="#a9c3dd", current="#0b5fae", before="#b85a10")
BILLS = "run_bills"


def beside(seen: RunSeen) -> dict[str, Any]:
    """The context of the run's page beside its steps."""
    run, figures = seen.run, seen.figures
    busy = seen.job is not None and seen.job.state in AT_WORK
    ready = bool(figures.by_reason) and not busy
    last, year = run_before(run), same_last_year(run)
    totals = total_lines(run, last, year) if ready else []
    whole = _whole(totals)
    open_to_review = ready and not seen.done("approved")
    return {
        "figures": _figures(seen, figures, whole),
        "before": last,
        "year": year,
        "totals": [_line(seen, t) for t in totals],
        "whole": whole,
        "chart": _chart(run) if ready else "",
        "checks": _checks(seen) if ready else {},
        "services": _services(seen) if ready else [],
        "held": queries.held_at_risk(run.id, TOP) if figures.bills("held") and open_to_review else [],
        "held_n": figures.bills("held"),
        "reasons": {r["reason"]: reason_text(r["reason"]) for r in figures.by_reason},
        "looks": _looks(seen) if ready else [],
    }


def _figures(seen: RunSeen, figures: RunFigures, whole: TotalLine) -> list[Fact]:
    if not figures.by_reason:
        return []
    billed, held = figures.dollars("ready", "posted"), figures.dollars("held")
    change = whole.change
    against = "" if change is None else f"{change:+.1f} % against the last run"
    if whole.year_change is not None:
        against += f", {whole.year_change:+.1f} % against last year"
    return [
        Fact("Charges", amount=billed, note=against),
        Fact("Bills", f"{figures.bills('ready', 'posted'):,}", url=seen.address(BILLS)),
        Fact(
            "Held",
            f"{figures.bills('held'):,}",
            note=f"${held:,.2f} worked out" if held else "",
            url=seen.address(BILLS, "?state=held&sort=-at_risk"),
        ),
        Fact("Not billed", f"{figures.bills('excepted'):,}", url=seen.address(BILLS, "?state=excepted")),
    ]


def _whole(totals: Sequence[TotalLine]) -> TotalLine:
    def added(values: Sequence[Decimal | None]) -> Decimal | None:
        known = [v for v in values if v is not None]
        return sum(known, Decimal(0)) if known else None

    amount = sum((t.amount for t in totals), Decimal(0))
    return TotalLine(
        "", "", "", "", 0, amount, added([t.last for t in totals]), added([t.year for t in totals])
    )


def _line(seen: RunSeen, t: TotalLine) -> dict[str, Any]:
    """A line of the totals with the way to the bills behind it."""
    where = {"service": t.service, "rate": t.rate, "category": t.category, "revenue": t.revenue_code}
    return {"of": t, "url": seen.address(BILLS, f"?{urlencode(where)}")}


def _chart(run: Run) -> SafeString:
    """Charges of the cycle's last runs as bars, this one dark, in thousands of dollars when they are many."""
    runs = charges_by_run(run)
    if len(runs) < 2:
        return SafeString("")
    many = max(dollars for _, _, dollars in runs) >= 20_000
    unit, part = ("thousand dollars", Decimal(1000)) if many else ("dollars", Decimal(1))
    months = [
        Month(f"{starts:%b}", round(dollars / part, 1 if many else 0), current=run_id == run.id)
        for starts, run_id, dollars in runs
    ]
    drawn = use_chart(
        months,
        title="Charges of the cycle by run",
        unit=unit,
        size=(420.0, 150.0),
        palette=_SCREEN,
        font_size=9.0,
    )
    return mark_safe(drawn)  # noqa: S308 - our own drawing, its texts escaped


def _checks(seen: RunSeen) -> dict[str, Any]:
    """The checks: those that stop the run on top, those let through, and the others folded."""
    checks = checks_of(seen.run)
    may_pass = seen.run.state in ("prepared", "reviewed")
    why_not = lacking(seen.actor, "billing.run.pass_check") or seen.why_not_pass
    return {
        "stops": [
            {
                "check": c,
                "where": _where(seen, c),
                "let": may_pass and seen.address_of("run_check", c.code),
            }
            for c in checks
            if c.stops
        ],
        "why_not": why_not,
        "let": [{"check": c, "where": _where(seen, c)} for c in checks if c.passed_by],
        "passed": [c for c in checks if c.state == "passed"],
        "nothing": [c for c in checks if c.state == "nothing"],
        "n": len(checks),
    }


def _where(seen: RunSeen, check: Check) -> str:
    return seen.address(BILLS, f"?{check.where}") if check.where else ""


def _services(seen: RunSeen) -> list[dict[str, Any]]:
    """The line that accounts for every service, as parts with their ways."""
    counts = measures_of(seen.run).counts
    if "services" not in counts:
        return []
    parts = (
        ("billed", "services_ready", "?state=posted" if seen.done("posted") else "?state=ready"),
        ("excepted", "services_excepted", "?state=excepted&reason=no_bill"),
        ("held", "services_held", "?state=held"),
        ("nothing due", "services_nothing", "?state=excepted&reason=nothing_due"),
    )
    told = services_line(counts).partition(" = ")[0]
    found: list[dict[str, Any]] = [{"text": told, "url": "", "sign": "="}]
    for n, (word, name, query) in enumerate(parts):
        sign = "+" if n < len(parts) - 1 else ""
        found.append({"text": f"{counts[name]:,} {word}", "url": seen.address(BILLS, query), "sign": sign})
    return found


def _looks(seen: RunSeen) -> list[dict[str, Any]]:
    """Ways into the prepared bills that a reviewer takes, each one key away."""
    counts = measures_of(seen.run).counts
    drawn, keys = len(sample_of(seen.run)), "123456789"
    sample = [_look(seen, "n", "Sample of bills, drawn", "sample", drawn)] if drawn else []
    lists = [
        _look(seen, keys[n] if n < len(keys) else "", one.title, one.code, counts[f"list_{one.code}"])
        for n, one in enumerate(LISTS)
    ]
    return [*sample, *lists]


def _look(seen: RunSeen, key: str, text: str, code: str, n: int) -> dict[str, Any]:
    return {"key": key, "text": text, "url": seen.address(BILLS, f"?list={code}&sort=-at_risk"), "n": n}
