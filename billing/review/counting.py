"""Shares and counts of a run: held, missing, unused, old, new, and whether all of it adds up.  Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal

from billing.review.ground import FEWEST, MANY, Check, Figures, Ground, Out, make_check, nothing
from billing.review.measures import Measures
from core.money import ZERO


def _share(measures: Measures, part: str, whole: str) -> Decimal:
    return (
        Decimal(measures.counts[part]) * 100 / measures.counts[whole]
        if measures.counts[whole]
        else Decimal(0)
    )


def zero(ground: Ground) -> Check:
    """Meters without use, beyond as many as there were before."""
    now, percent = ground.now.measures, ground.limits["break_zero"]
    share = _share(now, "unused", "metered")
    usual = max((_share(f.measures, "unused", "metered") for f in ground.before), default=Decimal(0))
    tripped = now.counts["unused"] >= FEWEST and share - usual > percent
    of = f"{now.counts['unused']:,} of {now.counts['metered']:,}"
    text = f"{of} meters without use, {share:.1f} %, before {usual:.1f} %"
    return make_check(
        "unused",
        "Meters without use",
        f"not over {percent} of a hundred more than before",
        [Out(text, share)] if tripped else [],
        text,
        "Readings did not move: they may be last month's, or empty ones.",
        "Compare the readings with those of last month.",
        "list=zero",
    )


def part(
    code: str,
    title: str,
    part: str,
    limit: str,
    noun: str,
    means: str,
    do: str,
    where: str,
    whole: str = "due",
) -> Callable[[Ground], Check]:
    """A check that so many of the run's accounts have something."""

    def check(ground: Ground) -> Check:
        measures, percent = ground.now.measures, ground.limits[limit]
        n, share = measures.counts[part], _share(measures, part, whole)
        text = f"{n:,} of {measures.counts[whole]:,} {noun}, {share:.1f} %"
        outs = [Out(text, share)] if n >= FEWEST and share > percent else []
        return make_check(code, title, f"not over {percent} per cent", outs, text, means, do, where)

    return check


def count(ground: Ground) -> Check:
    """Accounts to bill against as many as before."""
    percent, now = ground.limits["break_count"], ground.now.measures.counts["due"]
    before = [f.measures.counts["due"] for f in ground.before if f.measures.counts["due"]]
    gaps = [(abs(now - then), abs(Decimal(now) - then) * 100 / then, then) for then in before]
    nearest = min(gaps, default=None)
    told = f"{now:,} accounts to bill, before {before[0]:,}" if before else f"{now:,} accounts to bill"
    out = nearest is not None and nearest[0] >= FEWEST and nearest[1] > percent
    check = make_check(
        "count",
        "Number of bills",
        f"within {percent} per cent of last period's or last year's",
        [Out(told, Decimal(now))] if out else [],
        told,
        "Accounts came into or left the cycle: a route may be in the wrong cycle.",
        "Look at the routes of the cycle.",
        "sort=route",
    )
    return check if before else nothing(check, "There is no earlier run to compare with.")


def moves(ground: Ground) -> Check:
    """First and last bills."""
    percent, counts = ground.limits["break_moves"], ground.now.measures.counts
    n = counts["first"] + counts["last"]
    share = Decimal(n) * 100 / counts["made"] if counts["made"] else Decimal(0)
    told = f"{counts['first']:,} first and {counts['last']:,} last bills of {counts['made']:,}, {share:.1f} %"
    check = make_check(
        "moves",
        "New and closed accounts",
        f"not over {percent} per cent",
        [Out(told, share)] if n >= FEWEST and share > percent else [],
        told,
        "More people moved than usual, or services were entered or ended by mistake.",
        "Look at the first bills and at the accounts that ended.",
        "list=first",
    )
    return (
        check
        if ground.last
        else nothing(check, "It is the first run of the cycle: every bill is a first one.")
    )


def days(ground: Ground) -> Check:
    """Mean days of metered periods."""
    percent, counts = ground.limits["break_days"], ground.now.measures.counts
    check = Check(
        "days",
        "Days of the periods",
        "passed",
        "",
        f"within {percent} per cent of the {ground.days} days of the run",
        "The readings do not lie a period apart.",
        "Look at the dates of the readings, and at the dates of the run.",
        "sort=-total",
    )
    if not counts["periods"]:
        return nothing(check, "No meter was billed before.")
    mean = Decimal(counts["days"]) / counts["periods"]
    out = counts["periods"] >= FEWEST and abs(mean - ground.days) * 100 > percent * ground.days
    return replace(check, state="tripped" if out else "passed", measured=f"{mean:.1f} days a metered period")


def no_rate(ground: Ground) -> Check:
    """Services without an active rate version."""
    n = ground.now.measures.counts["reason_no_rate"]
    return make_check(
        "no_rate",
        "Services without a rate",
        "none",
        [Out(f"{n:,} accounts have a service without an active rate version", Decimal(n))] if n else [],
        "Every service has a rate in force",
        "What has no rate is not billed.",
        "Activate a version of the rate for this period, then prepare again.",
        "state=held&reason=no_rate",
    )


def largest(ground: Ground) -> Check:
    """The greatest bill's share of all charges."""
    percent, now = ground.limits["break_largest"], ground.now
    share = _largest_share(now)
    usual = max((_largest_share(f) for f in ground.before), default=Decimal(0))
    told = f"${now.measures.largest:,.2f}, account {now.measures.largest_of or '–'}: {share:.1f} % of all"
    out = now.measures.counts["made"] >= 2 * MANY and share > percent and share > 2 * usual
    return make_check(
        "largest",
        "The largest bill",
        f"not over {percent} per cent of all charges, or twice its share before",
        [Out(f"{told}, before {usual:.1f} %", share)] if out else [],
        told,
        "One bill outweighs the others.",
        "Look at the largest bills.",
        "sort=-total",
    )


def _largest_share(figures: Figures) -> Decimal:
    whole = sum((c.amount for c in figures.charged), ZERO)
    return figures.measures.largest * 100 / whole if whole > 0 else Decimal(0)


def complete(ground: Ground) -> Check:
    """Whether billed, held, excepted and nothing due add up to all active services."""
    counts = ground.now.measures.counts
    told = services_line(counts)
    off = counts["services"] - sum(counts[name] for name, _ in SERVICES)
    return make_check(
        "complete",
        "Every service is accounted for",
        "billed, held, excepted or nothing due add up to all active services",
        [Out(f"{told}: {abs(off):,} {'missing' if off > 0 else 'too many'}", Decimal(abs(off)))]
        if off
        else [],
        told,
        "A service of the cycle's accounts is in no bill and has no reason.",
        "Prepare the run again; if it stays, look at the services of the accounts.",
    )


SERVICES = (
    ("services_ready", "billed"),
    ("services_excepted", "excepted"),
    ("services_held", "held"),
    ("services_nothing", "nothing due"),
)


def services_line(counts: Mapping[str, int]) -> str:
    """As ``36 services = 33 billed + 0 excepted + 3 held + 0 nothing due``."""
    parts = " + ".join(f"{counts.get(name, 0):,} {word}" for name, word in SERVICES)
    return f"{counts.get('services', 0):,} services = {parts}"
