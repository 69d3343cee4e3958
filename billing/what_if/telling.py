"""A what-if in words and pictures, the same on the screen and on paper."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.utils.safestring import SafeString, mark_safe

from billing.what_if.bands import Band, Bar, change_bars, use_bands
from billing.what_if.sums import Figures, Sum
from billing.what_if_models import WhatIfTable
from core.quantities import UNITS
from core.ui.change_charts import ChangeBar, Pair, Size, change_chart, pair_bars
from core.ui.charts import Palette, figure
from meters.models import ServiceType

SCREEN = Palette(bar="#a9c3dd", current="#0b5fae", before="#b85a10")
TENTH = Decimal("0.1")
_PARTS = 8
"""Groups that a chart of pairs can show side by side."""


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a table of sums: its name, the sum, and the filter that lists its bills."""

    name: str
    sum: Sum
    where: str = ""

    @property
    def change(self) -> str:
        """The difference with its sign."""
        return signed(self.sum.change)

    @property
    def percent(self) -> str:
        """The same in per cent; empty where nothing was billed."""
        return signed_percent(self.sum.percent)

    @property
    def each(self) -> str:
        """The mean difference of a bill."""
        return signed(self.sum.change / self.sum.bills) if self.sum.bills else ""


def signed(amount: Decimal) -> str:
    """``+1,234.50``, ``−12.00``, ``0.00``."""
    return f"{amount:+,.2f}".replace("-", "−") if round(amount, 2) else "0.00"


def signed_percent(percent: Decimal | None) -> str:
    """``+4.0 %``; empty for none."""
    if percent is None:
        return ""
    return f"{percent:+,.1f} %".replace("-", "−") if round(percent, 1) else "0.0 %"


def service_name(code: str) -> str:
    """A kind of service in words."""
    return str(dict(ServiceType.choices).get(code, code))


def class_name(code: str) -> str:
    """A class of accounts in words."""
    return code.replace("_", " ").capitalize()


def unit_name(code: str) -> str:
    """A unit in words."""
    return UNITS[code].label if code in UNITS else code


def by_service(figures: Figures) -> list[Told]:
    """Services, in the order of their names."""
    return _told(figures.services, service_name, "")


def by_class(figures: Figures) -> list[Told]:
    """Classes of accounts, the most bills first."""
    return sorted(_told(figures.classes, class_name, "category"), key=lambda t: -t.sum.bills)


def by_rate(figures: Figures) -> list[Told]:
    """Rates that are priced anew."""
    return _told(figures.rates, str, "rate")


def by_use(figures: Figures) -> list[tuple[Band, Told]]:
    """Bands of use of the bills that a new table prices; their unit is named where there are several."""
    bands = use_bands(figures.uses)
    several = len({band.unit for band in bands}) > 1
    return [(band, Told(band_words(band, with_unit=several), band.sum, _where(band))) for band in bands]


def use_heading(figures: Figures) -> str:
    """What the bands of use are in."""
    units = {band.unit for band in use_bands(figures.uses)}
    return f"Use in {unit_name(units.pop())}" if len(units) == 1 else "Use"


def _where(band: Band) -> str:
    below = Decimal("0.000001") if band.high == 0 else band.high
    asked = {"unit": band.unit, "use_from": str(band.low)}
    return urlencode(asked if below is None else {**asked, "use_below": str(below)})


def _told(sums: Mapping[str, Sum], named: Any, asked: str) -> list[Told]:
    found = [Told(named(key), one, urlencode({asked: key}) if asked else "") for key, one in sums.items()]
    return sorted(found, key=lambda told: told.name)


def band_words(band: Band, *, with_unit: bool = True) -> str:
    """``3 to under 5 hundred cubic feet``."""
    unit = f" {unit_name(band.unit)}" if with_unit else ""
    if band.high == 0:
        return "no use"
    if band.high is None:
        return f"{figure(band.low)}{unit} and over"
    if not band.low:
        return f"under {figure(band.high)}{unit}"
    return f"{figure(band.low)} to under {figure(band.high)}{unit}"


def _short(band: Band) -> str:
    if band.high is None:
        return f"{figure(band.low)} +"
    if band.high == 0:
        return "none"
    return f"< {figure(band.high)}" if not band.low else f"{figure(band.low)}–{figure(band.high)}"


def _bar(bar: Bar) -> ChangeBar:
    if bar.low is None:
        most = -(bar.high or Decimal(0))
        label, said = f"< −{figure(most)}", f"more than {most:,.2f} less"
    elif bar.high is None:
        label, said = f"≥ {figure(bar.low)}", f"{bar.low:,.2f} or more"
    else:
        label = f"{figure(bar.low)}".replace("-", "−")
        said = f"{signed(bar.low)} to {signed(bar.high)}"
    return ChangeBar(label, bar.bills, "down" if bar.lower else "up", said)


def change_picture(figures: Figures, palette: Palette, size: Size) -> SafeString:
    """How many bills change by how much; those that stay are a bar between."""
    bars = change_bars(figures.changes)
    if not bars:
        return SafeString("")
    same = figures.whole.same - figures.untouched
    drawn = [_bar(bar) for bar in bars if bar.lower]
    drawn += [ChangeBar("same", same, "same", "no change")] if same else []
    drawn += [_bar(bar) for bar in bars if not bar.lower]
    title = "Bills by what they would change, in dollars"
    return _svg(change_chart(drawn, title=title, noun="bills", size=size, palette=palette))


def pairs_picture(told: Sequence[tuple[str, Sum]], title: str, palette: Palette, size: Size) -> SafeString:
    """The mean bill of each group as it was and as it would be."""
    pairs = [
        Pair(name, round(one.old / one.bills, 2), round(one.new / one.bills, 2))
        for name, one in told[:_PARTS]
        if one.bills
    ]
    if not pairs:
        return SafeString("")
    return _svg(pair_bars(pairs, title=title, unit="dollars", size=size, palette=palette))


def class_picture(figures: Figures, palette: Palette, size: Size) -> SafeString:
    """The mean bill by class."""
    told = [(one.name, one.sum) for one in by_class(figures)]
    return pairs_picture(told, "The mean bill by class, before and after", palette, size)


def use_picture(figures: Figures, palette: Palette, size: Size) -> SafeString:
    """The mean bill by band of use, of the unit with the most bills."""
    bands = main_bands(figures)
    told = [(_short(band), band.sum) for band in bands]
    unit = unit_name(bands[0].unit) if bands else ""
    return pairs_picture(told, f"The mean bill by use in {unit}, before and after", palette, size)


def main_bands(figures: Figures) -> list[Band]:
    """The bands of the unit that most bills are measured in."""
    bands = use_bands(figures.uses)
    most = max({b.unit for b in bands}, default="", key=lambda unit: _many(bands, unit))
    return [band for band in bands if band.unit == most]


def _many(bands: Iterable[Band], unit: str) -> tuple[int, str]:
    return sum(band.sum.bills for band in bands if band.unit == unit), unit


def _svg(drawn: str) -> SafeString:
    return mark_safe(drawn)  # noqa: S308 - our own drawing, its texts escaped


def table_words(row: WhatIfTable) -> str:
    """What prices instead of a table, in words."""
    if row.percent is not None:
        return f"all prices {row.percent.normalize():+,f} %".replace("-", "−")
    if row.version is None:
        return "a table from a file"
    draft = " (draft)" if row.version.state == "draft" else ""
    whose = "the" if row.version.table_id == row.table_id else f"{row.version.table.code},"
    return f"{whose} version from {row.version.starts:%b %-d, %Y}{draft}"
