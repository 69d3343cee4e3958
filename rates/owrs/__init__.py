"""Water rates in the Open Water Rate Specification (``.owrs``), turned into rate tables where they can be.

The format is a YAML file by the California Data Collaborative: customer classes, each with named values,
choices (``depends_on``), tiers, and formulas over them.  ``convert(text)`` gives a table for each class and
says in words what it could not take over.  Formulas are read by a small reader of arithmetic of our own;
nothing of the file is ever run.  Pure.
"""

from rates.owrs.converting import Converted, convert
from rates.owrs.source import OwrsError

__all__ = ["Converted", "OwrsError", "convert"]
