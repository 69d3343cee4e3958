"""File layouts: one declaration reads a file and writes it.  Pure: bytes in, rows and faults out."""

from interchange.layouts.delimited import Delimited
from interchange.layouts.fields import Field
from interchange.layouts.fixed import Fixed, RecordType, Span, filler
from interchange.layouts.outcome import DoesNotFit, Fault, Outcome, Row, Value, gather
from interchange.layouts.source import SourceForm, write_rejects
from interchange.layouts.tagged import Tagged

__all__ = [
    "Delimited",
    "DoesNotFit",
    "Fault",
    "Field",
    "Fixed",
    "Outcome",
    "RecordType",
    "Row",
    "SourceForm",
    "Span",
    "Tagged",
    "Value",
    "filler",
    "gather",
    "write_rejects",
]
