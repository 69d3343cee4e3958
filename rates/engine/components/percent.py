"""A per cent of listed charges, of this service or of another one on the bill."""

from dataclasses import dataclass
from decimal import Decimal

from rates.engine.components.basis import BASIS_KEYS, Basis, parse_basis
from rates.engine.components.charge import HEAD_KEYS, ComponentKind, Head, Worked
from rates.engine.desk import Desk
from rates.engine.lookups import Value, optional_value, parse_value
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.wording import money, shown

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Share:
    """The arithmetic of a percentage; ``gross_up`` makes it the per cent of the sum with itself."""

    percent: Value
    basis: Basis
    gross_up: bool
    at_least: Value | None
    at_most: Value | None

    def work(self, desk: Desk) -> Worked:
        percent, ground = self.percent.of(desk), self.basis.of(desk)
        whole = _HUNDRED - percent if self.gross_up else _HUNDRED
        if whole <= 0:
            raise desk.fail(f"{percent} per cent cannot be grossed up.", "Use less than 100 per cent.")
        amount = ground * percent / whole
        steps = [percent_step(percent, ground, amount, gross_up=self.gross_up)]
        limited = amount
        if self.at_least is not None:
            limited = max(limited, self.at_least.of(desk))
        if self.at_most is not None:
            limited = min(limited, self.at_most.of(desk))
        if limited != amount:
            word = "At least" if limited > amount else "At most"
            steps.append(Step(f"{word} {money(limited)}", None, None, None, limited - amount))
        unbounded = self.gross_up if limited == amount else None
        return Worked(limited, None, None, None, tuple(steps), unbounded)


def percent_step(percent: Decimal, ground: Decimal, amount: Decimal, *, gross_up: bool) -> Step:
    """One line "5 % of 55.54 = 2.777", or "2.5 ÷ 97.5 of …"."""
    how = f"{shown(percent)} ÷ {shown(_HUNDRED - percent)}" if gross_up else f"{shown(percent)} %"
    return Step(f"{how} of {money(ground)} = {money(amount)}", ground, None, percent, amount)


SHARE_KEYS = (*BASIS_KEYS, "percent", "gross_up", "at_least", "at_most")


def parse_share(reader: Reader, basis: Basis) -> Share:
    """``percent`` with its options, on a basis already read."""
    return Share(
        parse_value(reader.at("percent")),
        basis,
        reader.flag("gross_up", otherwise=False),
        optional_value(reader, "at_least"),
        optional_value(reader, "at_most"),
    )


@dataclass(frozen=True, slots=True)
class Percent:
    """Of the unrounded charges unless the table says ``billed``."""

    head: Head
    share: Share
    tax_code: None = None

    def work(self, desk: Desk) -> Worked:
        return self.share.work(desk)


def _parse(reader: Reader, head: Head) -> Percent:
    reader.only(*HEAD_KEYS, *SHARE_KEYS)
    return Percent(head, parse_share(reader, parse_basis(reader, "exact")))


PERCENT = ComponentKind("percent", 1, _parse, shows_zero=False, with_prices=False)
