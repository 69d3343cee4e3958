"""Which columns are sealed.  Each app lists its own in ``<app>/sealed.py`` as ``SEALED``.

Rotation, the proof and the reveal work from these lists, so a sealed column is one value in one place.
"""

from dataclasses import dataclass
from typing import Any, Literal

from django.apps import apps
from django.db.models import Model, QuerySet

from core.app_lists import gather
from core.secrets import blind_index, index_candidates, open_sealed, seal


@dataclass(frozen=True, slots=True)
class Sealed:
    """A sealed column: its model (which has a ``uuid``), and the columns of its blind index and last four.

    ``letters`` keeps letters in the normal form (driver licences); else it is digits alone (SSN).  ``page``
    is the route that shows a row by its id.
    """

    app: str
    model_name: str
    field: str
    index: str = ""
    last4: str = ""
    alphabet: Literal["digits", "letters"] = "digits"
    label: str = ""
    page: str = ""

    @property
    def model(self) -> type[Model]:
        """The model whose rows carry it."""
        return apps.get_model(self.app, self.model_name)

    @property
    def table(self) -> str:
        """The model's table."""
        return self.model._meta.db_table

    @property
    def column(self) -> str:
        """``table.column``: its name in associated data, audit and messages."""
        return f"{self.table}.{self.field}"

    def normal(self, plain: str) -> str:
        """The value without what people type differently: ``078-05-1120`` is ``078051120``."""
        if self.alphabet == "digits":
            return "".join(c for c in plain if c in "0123456789")
        return "".join(c for c in plain.upper() if c.isalnum())

    def put(self, row: Any, plain: str) -> None:
        """Set the column, its index and its last four on a row; an empty value clears all three.

        The row is not saved.  Bulk paths do the same before ``bulk_create``: the uuid exists by then.
        """
        normal = self.normal(plain)
        setattr(row, self.field, seal(normal, self.column, row.uuid) if normal else None)
        if self.index:
            setattr(row, self.index, blind_index(normal, self.column) if normal else None)
        if self.last4:
            setattr(row, self.last4, tail(normal))

    def take(self, row: Any) -> str:
        """The plain value of a row, empty when there is none.  For people: ``core.secrets.reveal``."""
        sealed = getattr(row, self.field)
        return open_sealed(sealed, self.column, row.uuid) if sealed else ""

    def matching(self, plain: str) -> QuerySet[Any]:
        """The rows of the utility in scope with this value, whichever key they are under."""
        wanted = index_candidates(self.normal(plain), self.column)
        return self.model._default_manager.filter(**{f"{self.index}__in": wanted})


def tail(normal: str) -> str:
    """The end of a number that may be shown: four characters, and never more than half of a short one."""
    shown = min(4, len(normal) // 2)
    return normal[len(normal) - shown :]


class Typed:
    """A number as somebody typed it, on its way to its column.

    Whatever is written of it (a request's hash, a log) has its blind index, never the number itself.
    """

    __slots__ = ("column", "plain")

    def __init__(self, column: Sealed, plain: str) -> None:
        self.column, self.plain = column, plain

    def __str__(self) -> str:
        normal = self.column.normal(self.plain)
        return blind_index(normal, self.column.column).hex() if normal else "none"

    def __repr__(self) -> str:
        return f"Typed({self})"


def all_sealed() -> tuple[Sealed, ...]:
    """Every sealed column of every app."""
    return gather("sealed", "SEALED")


SEALED: tuple[Sealed, ...] = ()
