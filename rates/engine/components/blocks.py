"""Blocks: each part of the quantity at the price of its block, limits counted from zero."""

from dataclasses import dataclass
from decimal import Decimal

from rates.engine.components.charge import (
    DAYS_KEYS,
    QUANTITY_KEYS,
    ComponentKind,
    Head,
    Quantity,
    Worked,
    parse_per,
    parse_quantity,
)
from rates.engine.components.per_unit import priced
from rates.engine.desk import Desk
from rates.engine.lookups import Constant, Lookup, Value, optional_value, parse_lookup, parse_value
from rates.engine.proration import Share
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.rounding import settle
from rates.engine.wording import shown

_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Block:
    """Up to and including ``up_to`` (``None``: all the rest) at this price."""

    up_to: Value | None
    price: Value


@dataclass(frozen=True, slots=True)
class BlockTable:
    """The blocks that apply, the factor on their limits, and how many units a price is for."""

    blocks: Lookup[tuple[Block, ...]]
    limits_times: Value | None
    per: Decimal

    def steps(
        self, start: Decimal, end: Decimal, what: Quantity, desk: Desk, share: Share | None = None
    ) -> tuple[Step, ...]:
        """The parts between two quantities, priced; a quantity beyond the last limit is an error.

        With a ``share`` of days every limit is that share of what is written.
        """
        if end < _ZERO:
            raise desk.fail(
                f"A quantity of {shown(end)} cannot be priced in blocks.", "Correct the reading or credit it."
            )
        times = self.limits_times.of(desk) if self.limits_times is not None else None
        found: list[Step] = []
        reached = start
        for block in self.blocks.find(desk):
            limit = end
            if block.up_to is not None:
                limit = block.up_to.of(desk)
                if times is not None:
                    limit *= times
                if share is not None:
                    limit = share.of(limit)
                limit = min(limit, end)
            if limit > reached or (end == start and not found):
                found.append(priced(max(limit - reached, _ZERO), block.price.of(desk), self.per, what, desk))
                reached = max(limit, reached)
            if reached >= end and found:
                return tuple(found)
        if found and settle(end - reached) <= _ZERO:
            return tuple(found)
        raise desk.fail(
            f"The table has no price above {shown(reached)} {what.label(desk)}, and {shown(end)} were used.",
            "Add a last block without a limit.",
        )


@dataclass(frozen=True, slots=True)
class Blocks:
    head: Head
    quantity: Quantity
    table: BlockTable
    tax_code: None = None

    def work(self, desk: Desk) -> Worked:
        units = self.quantity.of(desk)
        share = desk.share if self.head.prorated else None
        steps = self.table.steps(_ZERO, units, self.quantity, desk, share)
        exact = sum((s.amount for s in steps), _ZERO)
        one_price = steps[0].price if len(steps) == 1 else None
        if share is not None and len(self.table.blocks.find(desk)) > 1:
            steps = (share.note("Limits"), *steps)
        return Worked(exact, units, self.quantity.code(desk), one_price, steps)


BLOCK_KEYS = ("blocks", "limits_times", "per")


def parse_table(reader: Reader) -> BlockTable:
    """``blocks``, ``limits_times`` and ``per`` of a component."""
    return BlockTable(
        parse_lookup(reader.at("blocks"), _parse_blocks),
        optional_value(reader, "limits_times"),
        parse_per(reader),
    )


def _parse_blocks(reader: Reader) -> tuple[Block, ...]:
    return parse_limits(reader, "price")


def parse_bands(reader: Reader) -> tuple[Block, ...]:
    """Like blocks, with an ``amount`` for each band."""
    return parse_limits(reader, "amount")


def parse_limits(reader: Reader, key: str) -> tuple[Block, ...]:
    """Entries of ``up_to`` (left out in the last: no limit) and a value under ``key``."""
    found: list[Block] = []
    reached = _ZERO
    for piece in reader.items():
        piece.only("up_to", key)
        if found and found[-1].up_to is None:
            raise piece.fail("A block stands after the one without a limit.", "Give that one a limit.")
        limited = piece.has("up_to") and piece.at("up_to").content is not None
        up_to = parse_value(piece.at("up_to")) if limited else None
        if isinstance(up_to, Constant):
            if up_to.number <= reached:
                raise piece.fail(
                    f"The limit {up_to.number} is not above {reached}.",
                    "Limits count from zero and rise from block to block.",
                )
            reached = up_to.number
        found.append(Block(up_to, parse_value(piece.at(key))))
    return tuple(found)


def _parse(reader: Reader, head: Head) -> Blocks:
    reader.only(*DAYS_KEYS, *QUANTITY_KEYS, *BLOCK_KEYS)
    return Blocks(head, parse_quantity(reader), parse_table(reader))


BLOCKS = ComponentKind("blocks", 1, _parse, shows_zero=True, by_days=True, itself=True)
