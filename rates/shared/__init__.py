"""Values that several tables share: the per cent of a tax, this month's price of a rider.

Each table carries its own copy, so that its hash says all that priced a bill; a change is written into a
new version of every table concerned (docs/decisions/0010-shared-values-are-copied.md).
"""
