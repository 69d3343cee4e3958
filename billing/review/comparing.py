"""Charges, taxes and use of a run against the runs before it.  Pure."""

from collections.abc import Sequence
from decimal import Decimal

from billing.review.ground import FEWEST, MANY, Check, Figures, Ground, Out, make_check, nothing
from billing.review.measures import Measures, middle
from core.money import ZERO


def _far(now: Decimal, then: Decimal) -> Decimal:
    """How many times one is the other, whichever way round; a change of sign is a thousand times."""
    if now * then <= 0:
        return Decimal(1000)
    ratio = now / then
    return ratio if ratio >= 1 else 1 / ratio


def _strays(now: Decimal, before: Sequence[Decimal], times: Decimal) -> Decimal | None:
    """How far ``now`` is from the nearest of those before, when that is ``times`` or more."""
    far = min((_far(now, then) for then in before if then), default=None)
    return far if far is not None and far >= times else None


def charges(ground: Ground) -> Check:
    """What a bill pays on average under each rate and revenue code."""
    times = ground.limits["break_charges"]
    now, before = _each(ground.now), [_each(f) for f in ground.before]
    outs = []
    for place, (bills, amount) in now.items():
        known = [b[place] for b in before if place in b and b[place][0] >= MANY]
        if bills < MANY or not known:
            continue
        mine, then = amount / bills, [dollars / n for n, dollars in known]
        far = _strays(mine, then, times)
        if far is not None:
            service, rate, code = place
            times_said = _said(mine, then[0])
            text = (
                f"{service} rate {rate}, {code}: ${mine:,.2f} a bill, before ${then[0]:,.2f} ({times_said})"
            )
            outs.append(Out(text, far, f"service={service}&rate={rate}&revenue={code}"))
    check = make_check(
        "charges",
        "Charges a bill",
        f"less than {times} times, and more than 1/{times} of, last period's or last year's",
        outs,
        f"{len(now)} rates and revenue codes within bounds",
        "The bills of a rate are far from what they were.",
        "Look at the rate's version in force and at the units of the readings.",
    )
    return check if before or outs else nothing(check, "There is no earlier run to compare with.")


def _each(figures: Figures) -> dict[tuple[str, str, str], tuple[int, Decimal]]:
    """Bills and dollars by service, rate and revenue code, all classes together."""
    found: dict[tuple[str, str, str], tuple[int, Decimal]] = {}
    for c in figures.charged:
        place = (c.service_type, c.rate_code, c.revenue_code)
        bills, dollars = found.get(place, (0, ZERO))
        found[place] = (bills + c.bills, dollars + c.amount)
    return found


def typical(ground: Ground) -> Check:
    """The median of each bill against its own account before."""
    times = ground.limits["break_charges"]
    far = _medians(ground.now.measures, "bill||", times)
    check = make_check(
        "typical_bill",
        "The typical bill",
        f"less than {times} times, and more than 1/{times} of, the same account's before",
        [
            Out(f"The typical bill is {_ratio(ratio)} what the account paid before", _size(ratio))
            for ratio in far
        ],
        "The typical bill is near what the account paid before",
        "Half of all bills changed by so much at once.",
        "Look at the rates and readings of this run.",
        "sort=-change",
    )
    seen = any(name.startswith("bill||") for name in ground.now.measures.ratios)
    return check if seen else nothing(check, "No account was billed before.")


def use(ground: Ground) -> Check:
    """The median of each meter's use a day against its own before, by route and over all."""
    times, ratios = ground.limits["break_use"], ground.now.measures.ratios
    outs = []
    for stem in sorted({name.rpartition("|")[0] for name in ratios if name.startswith("use|")}):
        _, route, service = stem.split("|")
        for ratio in _medians(ground.now.measures, stem, times):
            place = f"route {ground.routes.get(route, route)}" if route else "all routes"
            text = f"{service}, {place}: the typical meter used {_ratio(ratio)} what it did before"
            outs.append(Out(text, _size(ratio), f"route={route}" if route else "sort=-change"))
    check = make_check(
        "use",
        "Use a day, by route",
        f"less than {times} times, and more than 1/{times} of, the same meter's before",
        outs,
        "The typical meter of each route is near its own use before",
        "Half of the meters of a route changed by so much at once: a decimal place, a unit or a multiplier.",
        "Compare the route's readings with the file they came in.",
    )
    seen = any(name.startswith("use|") for name in ratios)
    return check if seen else nothing(check, "No meter was billed before.")


def _medians(measures: Measures, stem: str, times: Decimal) -> list[Decimal]:
    """The median against last period, when it strays from that and from last year's."""
    last, year = measures.ratios.get(f"{stem}|last"), measures.ratios.get(f"{stem}|year")
    known = [middle(c) for c in (last, year) if c is not None and sum(c.values()) >= MANY]
    if not known or min(_size(r) for r in known) < times:
        return []
    return known[:1]


def _size(ratio: Decimal) -> Decimal:
    """How far a ratio is from one, whichever way."""
    if not ratio:
        return Decimal(1000)
    return ratio if ratio >= 1 else 1 / ratio


def tax(ground: Ground) -> Check:
    """Each tax in relation to the other charges of its service."""
    percent = ground.limits["break_tax"]
    now, before = _on_base(ground.now, ground.taxes), [_on_base(f, ground.taxes) for f in ground.before]
    charged = {c.service_type for c in ground.now.charged if c.bills}
    outs = []
    for place in sorted({p for one in (now, *before[:1]) for p in one}):
        known = [b[place] for b in before if place in b]
        mine = now.get(place, Decimal(0))
        changes = [abs(mine - then) / then * 100 for then in known if then]
        if changes and min(changes) > percent and place[0] in charged:
            text = (
                f"{place[1]} on {place[0]}: {mine * 100:.2f} % of its charges, before {known[0] * 100:.2f} %"
            )
            outs.append(Out(text, min(changes), f"service={place[0]}"))
    check = make_check(
        "tax",
        "Tax against what it is on",
        f"within {percent} per cent of last period's or last year's",
        outs,
        f"{len(now)} taxes within bounds",
        "The tax fell or grew against the charges it is on: dropped, doubled, or at a new rate.",
        "Look at the tax in the rate's version in force.",
    )
    if not outs and not now and not any(before):
        return nothing(check, "No tax is charged in this run.")
    return check if before else nothing(check, "There is no earlier run to compare with.")


def _on_base(figures: Figures, taxes: frozenset[str]) -> dict[tuple[str, str], Decimal]:
    """Each tax in relation to the other charges of its service."""
    tax: dict[tuple[str, str], tuple[int, Decimal]] = {}
    base: dict[str, Decimal] = {}
    for c in figures.charged:
        if c.revenue_code in taxes:
            bills, dollars = tax.get((c.service_type, c.revenue_code), (0, ZERO))
            tax[(c.service_type, c.revenue_code)] = (bills + c.bills, dollars + c.amount)
        else:
            base[c.service_type] = base.get(c.service_type, ZERO) + c.amount
    return {
        place: dollars / base[place[0]]
        for place, (bills, dollars) in tax.items()
        if bills >= FEWEST and base.get(place[0])
    }


def vanished(ground: Ground) -> Check:
    """Revenue codes on many bills before and on none now."""
    now = {(c.service_type, c.revenue_code) for c in ground.now.charged if c.bills}
    outs = []
    for place, bills in sorted(_codes(ground.last).items()):
        season = ground.year is not None and place not in _codes(ground.year)
        if bills >= FEWEST and place not in now and not season:
            outs.append(Out(f"{place[0]}, {place[1]}: on {bills} bills before, on none now", Decimal(bills)))
    check = make_check(
        "vanished",
        "Revenue codes that were charged before",
        "each is charged again, unless it was not a year ago either",
        outs,
        f"{len(now)} revenue codes are charged",
        "A charge has gone from every bill.",
        "Look at the rate's version in force: a component may be missing.",
        "sort=change",
    )
    if not now:
        return nothing(check, "No bill could be made.")
    return check if ground.last else nothing(check, "There is no earlier run to compare with.")


def _codes(figures: Figures | None) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for c in figures.charged if figures else ():
        place = (c.service_type, c.revenue_code)
        found[place] = found.get(place, 0) + c.bills
    return found


def _ratio(ratio: Decimal) -> str:
    if not ratio:
        return "nothing of"
    return f"about {_figure(ratio)} times" if ratio >= 1 else f"about 1/{_figure(1 / ratio)} of"


def _figure(ratio: Decimal) -> str:
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"


def _said(now: Decimal, then: Decimal) -> str:
    return _ratio(now / then) if then and now * then > 0 else "the other way round"
