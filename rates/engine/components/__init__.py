"""The kinds of charge a rate table is made of: one small file each, listed once here.

A correction that changes results is a new entry with a new version; the old one stays, so that any
past bill can be made again.
"""

from rates.engine.components import (
    bands,
    blocks,
    containers,
    fixed,
    maximum_bill,
    minimum,
    minimum_bill,
    per_unit,
    percent,
    round_up,
    tax,
)
from rates.engine.components.charge import Component, ComponentKind

COMPONENT_KINDS: tuple[ComponentKind, ...] = (
    fixed.FIXED,
    per_unit.PER_UNIT,
    per_unit.RIDER,
    blocks.BLOCKS,
    minimum.MINIMUM,
    minimum_bill.MINIMUM_BILL,
    maximum_bill.MAXIMUM_BILL,
    containers.CONTAINERS,
    bands.BANDS,
    percent.PERCENT,
    tax.TAX,
    round_up.ROUND_UP,
)

__all__ = ["COMPONENT_KINDS", "Component", "ComponentKind"]
