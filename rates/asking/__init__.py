"""Asking the engine by file: rate tables and the facts of a bill in, charges with their arithmetic out.

Pure.  ``manage.py rate TABLE.json --input INPUT.json`` is the way in; ``rates/COMMAND.md`` shows examples.
"""

from rates.asking.facts import Asked, read_asked
from rates.asking.saying import as_document, as_text
from rates.asking.tables import FileTable, read_tables
from rates.asking.working import Answer, BillRating, work

__all__ = [
    "Answer",
    "Asked",
    "BillRating",
    "FileTable",
    "as_document",
    "as_text",
    "read_asked",
    "read_tables",
    "work",
]
