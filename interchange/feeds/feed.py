"""What a feed is: a kind of file that comes in, with what its rows mean here."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

from core.actors import Actor
from interchange.layouts import Delimited, Fault

if TYPE_CHECKING:
    from interchange.models import ImportRow


class Parsed(Protocol):
    """A row as a layout understands it."""

    @property
    def line(self) -> int:
        """Where it begins in the file."""

    @property
    def raw(self) -> str:
        """Its text as it stood."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What staging may know besides the database: the day and zone of the utility, the file's own names.

    ``columns`` gives the name of a field's column as this file spells it, for the place of a fault.
    """

    today: date
    zone: ZoneInfo
    columns: Mapping[str, str]

    def column(self, field: str) -> str:
        """The column of a field, as named in the file."""
        return self.columns.get(field, field)


@dataclass(slots=True)
class Staged:
    """A row as it will be kept: ``values`` (JSON) is all that applying needs."""

    line: int
    raw: str
    values: dict[str, Any]
    faults: list[Fault]
    there_already: bool = False

    @property
    def state(self) -> str:
        """``error``, ``skipped``, ``warning`` or ``ready``."""
        if any(fault.level == "row" for fault in self.faults):
            return "error"
        if self.there_already:
            return "skipped"
        return "warning" if self.faults else "ready"


@dataclass(frozen=True, slots=True)
class Staging:
    """What staging found: the rows, and what concerns the file as a whole (``file`` or ``warning``)."""

    rows: Sequence[Staged]
    remarks: Sequence[Fault] = ()


@dataclass(frozen=True, slots=True)
class Feed:
    """A kind of file, declared once.

    ``parse`` reads the content into rows and faults.  ``stage`` looks the rows up, in a number of queries
    that does not grow with the file but by the block.  ``apply`` writes staged rows in the transaction at
    work and returns the rows that could not be applied after all, with the reason.  ``permission`` is the
    right to bring such a file in and to write what it says, ``approval`` the right to approve it.
    """

    code: str
    title: str
    about: str
    layout: Delimited
    parse: Callable[[bytes], Iterator[Any]]
    stage: Callable[[Sequence[Any], Ground], Staging]
    apply: Callable[[Actor, int, "Sequence[ImportRow]"], Mapping[int, Fault]]
    permission: str
    approval: str
    # Fields of ``layout`` that rows without values are known by, as (field, key in ``values``).
    known_by: tuple[tuple[str, str], ...] = ()
    # Whether such a file has a read of every register on its routes, so that those it lacks are told.
    whole_routes: bool = True
