"""Bands: one amount for the band in which the quantity lies, as in drainage by area."""

from dataclasses import dataclass

from rates.engine.components.blocks import Block, parse_bands
from rates.engine.components.charge import (
    DAYS_KEYS,
    QUANTITY_KEYS,
    ComponentKind,
    Head,
    Quantity,
    Worked,
    parse_quantity,
)
from rates.engine.desk import Desk
from rates.engine.lookups import Lookup, parse_lookup
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.rounding import settle
from rates.engine.wording import money, quantity


@dataclass(frozen=True, slots=True)
class Bands:
    """A limit belongs to the band below it; above the last limit is an error."""

    head: Head
    quantity: Quantity
    bands: Lookup[tuple[Block, ...]]
    tax_code: None = None

    def work(self, desk: Desk) -> Worked:
        units, code = self.quantity.of(desk), self.quantity.code(desk)
        words = quantity(units, code, self.quantity.label(desk))
        settled = settle(units)
        for band in self.bands.find(desk):
            if band.up_to is None or settled <= settle(band.up_to.of(desk)):
                amount = band.price.of(desk)
                step = Step(f"{words}: {money(amount)}", units, code, None, amount)
                return Worked(amount, units, code, None, (step,))
        raise desk.fail(f"The table has no amount for {words}.", "Add a last band without a limit.")


def _parse(reader: Reader, head: Head) -> Bands:
    reader.only(*DAYS_KEYS, *QUANTITY_KEYS, "bands")
    return Bands(head, parse_quantity(reader), parse_lookup(reader.at("bands"), parse_bands))


BANDS = ComponentKind("bands", 1, _parse, shows_zero=True, by_days=True)
