"""A tax: a per cent of the taxable charges above it, which an exempt account does not pay."""

from dataclasses import dataclass
from decimal import Decimal

from rates.engine.components.basis import parse_basis, resting
from rates.engine.components.charge import HEAD_KEYS, ComponentKind, Head, Worked
from rates.engine.components.percent import SHARE_KEYS, Share, parse_share
from rates.engine.desk import Desk
from rates.engine.reader import Reader
from rates.engine.results import Step


@dataclass(frozen=True, slots=True)
class Tax:
    """Of the charges as billed, in cents, unless the table says ``exact``."""

    head: Head
    tax_code: str
    share: Share

    def work(self, desk: Desk) -> Worked:
        if self.tax_code in desk.facts.exempt_tax_codes:
            nothing = Decimal(0)
            step = Step(f"Exempt from {self.head.text}", None, None, None, nothing)
            return Worked(nothing, None, None, None, (step,))
        return self.share.work(desk)


def _parse(reader: Reader, head: Head) -> Tax:
    reader.only(*HEAD_KEYS, *SHARE_KEYS, "tax_code")
    if reader.has("of"):
        basis = parse_basis(reader, "billed")
    else:
        taxable = tuple(name for name, is_taxable in reader.book.charges.items() if is_taxable)
        if not taxable:
            raise reader.fail(
                "There is no taxable charge above this tax.",
                "Mark charges “taxable”: true, or list them in “of”.",
            )
        basis = resting(reader, taxable, (), "billed")
    return Tax(head, reader.at("tax_code").words(), parse_share(reader, basis))


TAX = ComponentKind("tax", 1, _parse, shows_zero=False, with_prices=False)
