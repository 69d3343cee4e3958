"""Charges worked before, as the ground for a percentage, a tax or a minimum bill."""

from dataclasses import dataclass
from decimal import Decimal

from rates.engine.components.charge import ALL
from rates.engine.desk import Desk
from rates.engine.reader import NAME, Reader

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Basis:
    """Ids of own charges and dotted names of another service's; exact or as billed in cents."""

    own: tuple[str, ...]
    others: tuple[str, ...]
    billed: bool
    none_if_missing: bool

    def of(self, desk: Desk) -> Decimal:
        """The sum; a charge that did not apply counts as zero, a missing service is an error."""
        worked = desk.billed if self.billed else desk.exact
        found = sum((worked[name] for name in self.own), _ZERO)
        for name in self.others:
            part = desk.facts.others.get(f"{name}.billed" if self.billed else name)
            if part is None and not self.none_if_missing:
                service = name.partition(".")[0]
                raise desk.fail(
                    f"It rests on {name}, and the account has no {service} bill in this period.",
                    f"Rate {service} first, or allow the charge to be left out.",
                )
            found += part or _ZERO
        return found


def parse_basis(reader: Reader, default: str, key: str = "of") -> Basis:
    """``of``: charges listed before or ``service.charge``; ``basis``: ``exact`` or ``billed``."""
    own: list[str] = []
    others: list[str] = []
    for item in reader.at(key).items():
        name = item.words()
        if not NAME.match(name):
            raise item.fail(f"“{name}” is not the name of a charge.", "Write usage, or water.usage.")
        service, dot, _ = name.partition(".")
        if dot:
            reader.book.services.add(service)
            others.append(name)
        elif name == ALL:
            own.extend(reader.book.charges)
        elif name in reader.book.charges:
            own.append(name)
        else:
            raise item.fail(
                f"There is no charge “{name}” above this one.",
                "List it before, or write service.charge for another service.",
            )
    twice = len({item.words() for item in reader.at(key).items()}) < len(reader.at(key).items())
    if twice or len(set(own + others)) < len(own) + len(others):
        raise reader.at(key).fail("A charge is listed twice.", "List each charge once.")
    return resting(reader, tuple(own), tuple(others), default)


def resting(reader: Reader, own: tuple[str, ...], others: tuple[str, ...], default: str) -> Basis:
    """The basis of these charges, as ``basis`` and ``if_missing`` say."""
    billed = reader.choice("basis", ("exact", "billed"), otherwise=default) == "billed"
    missing = reader.choice("if_missing", ("refuse", "nothing"), otherwise="refuse") == "nothing"
    return Basis(own, others, billed, missing)


BASIS_KEYS = ("of", "basis", "if_missing")
