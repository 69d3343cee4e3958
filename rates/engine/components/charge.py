"""What all components share: the head of the charge, and the quantity it prices."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple, Protocol

from rates.engine.conditions import Always, parse_when
from rates.engine.desk import Desk
from rates.engine.lookups import Figure, Value, parse_value
from rates.engine.proration import share_of_days
from rates.engine.reader import Reader
from rates.engine.results import Step
from rates.engine.rounding import EXACT, Rounding, parse_rounding
from rates.engine.stopping import Stop

HEAD_KEYS = (
    "id",
    "kind",
    "version",
    "text",
    "revenue_code",
    "taxable",
    "when",
    "show_zero",
    "stops_at",
    "falls_with_use",
)
DAYS_KEYS = (*HEAD_KEYS, "prorated")
"""The head of a charge that a share of days may apply to."""
ALL = "all"
"""Stands for every charge worked before, in a list of charges; so no charge may be called this."""


@dataclass(frozen=True, slots=True)
class Head:
    """Who a charge is: its id in the table, its words on the bill and its revenue code.

    ``after`` is what is done to the whole charge once it is worked: a share of days, the tax within.
    ``prorated`` is for charges that apply a share of days to their own amounts and limits.
    """

    id: str
    kind: str
    version: int
    text: str
    revenue_code: str
    taxable: bool
    show_zero: bool
    when: Always
    after: "tuple[Callable[[Worked, Desk], Worked], ...]" = ()
    prorated: bool = False
    stop: Stop | None = None
    once: bool = False
    falls_with_use: bool = False


class Worked(NamedTuple):
    """A component worked out, before rounding.

    ``gross_up`` is set on a percentage that met no bound: its one step can be told of another ground.
    """

    exact: Decimal
    quantity: Decimal | None
    unit: str | None
    price: Decimal | None
    steps: tuple[Step, ...]
    gross_up: bool | None = None


class Component(Protocol):
    """A charge of a table; ``tax_code`` is ``None`` for all but taxes."""

    @property
    def head(self) -> Head: ...

    @property
    def tax_code(self) -> str | None: ...

    def work(self, desk: Desk) -> Worked: ...


class ComponentKind(NamedTuple):
    """A kind and version, and how it is read; ``shows_zero`` is the default for 0.00.

    ``by_days`` is whether a share of days applies unless the table says otherwise; a kind that is
    ``itself`` applies it to its amounts and limits on its own.  The charges of a kind ``with_prices`` may
    contain a tax.  ``once``: worked once for a divided period, on the whole charges.
    """

    kind: str
    version: int
    parse: Callable[[Reader, Head], Component]
    shows_zero: bool
    by_days: bool = False
    itself: bool = False
    with_prices: bool = True
    once: bool = False


def parse_head(reader: Reader, kind: ComponentKind) -> Head:
    """The keys that every component has."""
    identity = reader.at("id").name()
    if identity in reader.book.charges or identity == ALL:
        raise reader.at("id").fail(
            f"“{identity}” is taken.", "Give each charge its own id; “all” is reserved."
        )
    prorated = _is_prorated(reader, kind)
    taxable = reader.flag("taxable", otherwise=False)
    net = reader.book.net_of_tax if taxable and kind.with_prices else None
    after = (*((share_of_days,) if prorated and not kind.itself else ()), *((net,) if net else ()))
    return Head(
        identity,
        kind.kind,
        kind.version,
        reader.at("text").words(),
        reader.at("revenue_code").words(),
        taxable,
        reader.flag("show_zero", otherwise=kind.shows_zero),
        parse_when(reader.at("when")) if reader.has("when") else Always(),
        after,
        prorated,
        Stop(parse_value(reader.at("stops_at"))) if reader.has("stops_at") else None,
        kind.once,
        reader.flag("falls_with_use", otherwise=False),
    )


def _is_prorated(reader: Reader, kind: ComponentKind) -> bool:
    if reader.flag("prorated", otherwise=False) and not reader.book.prorates:
        raise reader.at("prorated").fail(
            "The table has no proration.", "Add “proration” to the table, as {“full”: “30”}."
        )
    return reader.book.prorates and reader.flag("prorated", otherwise=kind.by_days)


QUANTITY_KEYS = ("quantity", "unit", "rounding")


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is priced: the billed use unless the table names another figure; rounded if it says so."""

    value: Value
    unit: str | None
    rounding: Rounding

    def of(self, desk: Desk) -> Decimal:
        """The quantity, rounded as the component says."""
        return self.rounding.apply(self.value.of(desk))

    def code(self, desk: Desk) -> str | None:
        """The unit code of the table for use, else the words of the component."""
        return self.unit or desk.tariff.unit

    def label(self, desk: Desk) -> str:
        """The unit in words."""
        return self.unit or desk.tariff.unit_label


USE = Figure("use")


def parse_quantity(reader: Reader) -> Quantity:
    """``quantity`` (default the use), ``unit`` (its words) and ``rounding`` of a component."""
    if reader.has("quantity"):
        value = parse_value(reader.at("quantity"))
    else:
        value = USE
        reader.book.mention("use", reader.place)
    unit = reader.at("unit").words() if reader.has("unit") else words_of(value)
    rounding = parse_rounding(reader.at("rounding")) if reader.has("rounding") else EXACT
    return Quantity(value, unit, rounding)


def words_of(value: Value) -> str | None:
    """The name of a figure as words; ``None`` for the use, which has the unit of the table."""
    if isinstance(value, Figure) and value != USE:
        return value.name.replace("_", " ")
    return None


def parse_per(reader: Reader) -> Decimal:
    """``per``: how many units one price is for, default 1."""
    if not reader.has("per"):
        return Decimal(1)
    per = reader.at("per").number()
    if per <= 0:
        raise reader.at("per").fail("A price is for more than zero units.", "Write for example 1000.")
    return per
