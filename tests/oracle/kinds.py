"""What each kind of charge comes to before anything is rounded."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Protocol

from tests.oracle.desk import Desk
from tests.oracle.exact import FINE, NoPrice, half_away, number, rounded, settle

ZERO, ONE, HUNDRED = Fraction(0), Fraction(1), Fraction(100)
Charge = dict[str, Any]

# The kinds that a short or long period cuts unless they say otherwise.
CUT_BY_DAYS = ("fixed", "containers", "bands", "minimum", "blocks", "minimum_bill", "maximum_bill")

# The kinds whose own prices may contain a tax.
PRICED = ("fixed", "per_unit", "rider", "blocks", "minimum", "containers", "bands")


class Rests(Protocol):
    """Answers what the charges that another rests on come to."""

    def basis(self, charge: Charge) -> Fraction:
        """The sum of the charges that this one lists."""


@dataclass(frozen=True)
class Work:
    """Everything that a charge may be worked from."""

    desk: Desk
    rests: Rests

    def net(self, charge: Charge, amount: Fraction) -> Fraction:
        """An amount without the tax that the prices of a taxable charge include."""
        included = self.desk.table.get("prices_include_tax")
        if included is None or not charge.get("taxable"):
            return amount
        return amount * HUNDRED / (HUNDRED + number(included))

    def share(self, charge: Charge) -> Fraction:
        """Days ÷ full days of a short or long period, 1 otherwise."""
        rule = self.desk.table.get("proration")
        if rule is None or not charge.get("prorated", charge["kind"] in CUT_BY_DAYS):
            return ONE
        days = Fraction(self.desk.account.days)
        bounds = [days < number(rule["below"])] if "below" in rule else []
        bounds += [days > number(rule["above"])] if "above" in rule else []
        if bounds and not any(bounds):
            return ONE
        return days / number(rule["full"])

    def value(self, charge: Charge, entry: str, otherwise: Fraction | None = None) -> Fraction:
        """A number of the charge."""
        if entry not in charge:
            if otherwise is None:
                raise NoPrice(f"{charge['id']} has no {entry}.")
            return otherwise
        return self.desk.one(charge[entry])

    def quantity(self, charge: Charge) -> Fraction:
        """The billed use unless the charge names another quantity, by the charge's own rounding."""
        return rounded(self.desk.one(charge.get("quantity", "use")), charge.get("rounding"))


def fixed(charge: Charge, work: Work) -> Fraction:
    """An amount, so many times."""
    return work.value(charge, "amount") * work.value(charge, "times", ONE) * work.share(charge)


def per_unit(charge: Charge, work: Work) -> Fraction:
    """So much for each unit, or for each so many units."""
    each = work.quantity(charge) * work.value(charge, "price")
    return each * work.share(charge) / number(charge.get("per", 1))


def blocks(charge: Charge, work: Work) -> Fraction:
    """Each part of the quantity at the price of its block."""
    return in_blocks(charge, work, ZERO)


def in_blocks(charge: Charge, work: Work, beyond: Fraction) -> Fraction:
    """What of the quantity lies in each block and beyond a threshold, at the price of the block."""
    quantity = work.quantity(charge)
    if quantity < 0:
        raise NoPrice(f"{charge['id']} has no price for {quantity}.")
    times = work.value(charge, "limits_times", ONE) * work.share(charge)
    total, below = ZERO, ZERO
    for block in work.desk.choose(charge["blocks"]):
        limit = quantity if block.get("up_to") is None else work.desk.one(block["up_to"]) * times
        part = max(ZERO, min(quantity, limit) - max(below, beyond))
        if part > 0 or quantity == below == 0:
            total += part * work.desk.one(block["price"])
        below = max(below, limit)
        if below >= quantity:
            return total / number(charge.get("per", 1))
    raise NoPrice(f"{charge['id']} ends at {below}.")


def minimum(charge: Charge, work: Work) -> Fraction:
    """An amount that includes some use; the rest, or all of the use, in blocks."""
    times = work.value(charge, "times", ONE)
    share = work.share(charge)
    amount = work.value(charge, "amount") * times * share
    includes = max(ZERO, work.value(charge, "includes") * times * share)
    if settle(work.quantity(charge)) <= settle(includes):
        return amount
    if charge.get("beyond", "rest") == "all":
        return in_blocks(charge, work, ZERO)
    return amount + in_blocks(charge, work, includes)


def minimum_bill(charge: Charge, work: Work) -> Fraction:
    """What the listed charges lack."""
    asked = work.value(charge, "amount") * work.value(charge, "times", ONE) * work.share(charge)
    return max(ZERO, work.net(charge, asked) - work.rests.basis({"basis": "billed", **charge}))


def maximum_bill(charge: Charge, work: Work) -> Fraction:
    """What the listed charges are too much, taken off."""
    asked = work.value(charge, "amount") * work.value(charge, "times", ONE) * work.share(charge)
    return min(ZERO, work.net(charge, asked) - work.rests.basis({"basis": "billed", **charge}))


def containers(charge: Charge, work: Work) -> Fraction:
    """The first ones at one price, the others at another."""
    quantity, first = work.quantity(charge), number(charge.get("first_count", 1))
    if quantity < 0:
        raise NoPrice(f"{charge['id']} has no price for {quantity}.")
    cost = min(quantity, first) * work.value(charge, "first")
    if quantity > first:
        cost += (quantity - first) * work.value(charge, "additional")
    return cost * work.share(charge)


def bands(charge: Charge, work: Work) -> Fraction:
    """The amount of the band in which the quantity lies."""
    quantity = settle(work.quantity(charge))
    for band in work.desk.choose(charge["bands"]):
        if band.get("up_to") is None or quantity <= settle(work.desk.one(band["up_to"])):
            return work.desk.one(band["amount"]) * work.share(charge)
    raise NoPrice(f"{quantity} is above the last band of {charge['id']}.")


def percent(charge: Charge, work: Work) -> Fraction:
    """A per cent of the charges it rests on, within its bounds."""
    rate = work.value(charge, "percent")
    if charge.get("gross_up"):
        if rate >= HUNDRED:
            raise NoPrice("Nothing is left to be grossed up.")
        rate = rate / (HUNDRED - rate) * HUNDRED
    result = work.rests.basis({"basis": "exact", **charge}) * rate / HUNDRED
    if "at_least" in charge:
        result = max(result, work.value(charge, "at_least"))
    if "at_most" in charge:
        result = min(result, work.value(charge, "at_most"))
    return result


def tax(charge: Charge, work: Work) -> Fraction:
    """A per cent of taxable charges; nothing for who is exempt."""
    if charge["tax_code"] in work.desk.account.exempt:
        return ZERO
    return percent({"basis": "billed", **charge}, work)


def round_up(charge: Charge, work: Work) -> Fraction:
    """What is lacking to the next multiple of the step."""
    basis = work.rests.basis({"basis": "billed", **charge})
    reached = rounded(half_away(basis, FINE), {"mode": "up", "step": charge.get("step", "1")})
    return max(ZERO, reached - basis)


def exact_of(charge: Charge, work: Work) -> Fraction:
    """What the charge comes to, net of the tax in its prices.

    A minimum bill is net already; percentages, taxes and a bill rounded up rest on net charges.
    """
    found = KINDS[charge["kind"]](charge, work)
    return work.net(charge, found) if charge["kind"] in PRICED else found


KINDS: dict[str, Callable[[Charge, Work], Fraction]] = {
    "fixed": fixed,
    "per_unit": per_unit,
    "rider": per_unit,
    "blocks": blocks,
    "minimum": minimum,
    "minimum_bill": minimum_bill,
    "maximum_bill": maximum_bill,
    "containers": containers,
    "bands": bands,
    "percent": percent,
    "tax": tax,
    "round_up": round_up,
}
