"""A rate table as a form: its content taken apart into fields that a clerk fills, and put together again.

Pure.  ``fields_of(content)`` gives nested fields whose leaves are texts, ``content_of(fields)`` the content
again with what could not be read and where.  What the form has no field for stays as JSON in the field
``extra`` of its charge, so that nothing is lost: ``content_of(fields_of(content)).content`` is the content.
"""

from rates.sheet.flat import flattened, nested
from rates.sheet.pieces import Problem, Written
from rates.sheet.table import content_of, fields_of

__all__ = ["Problem", "Written", "content_of", "fields_of", "flattened", "nested"]
