"""Rate comparison: two versions side by side, in bills at typical uses with a chart, or clause by clause."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from core.bulk import array_literal
from core.quantities import UNITS
from core.ui.charts import Palette, figure, pair_chart, round_top
from meters.models import ServiceType
from rates.engine import RatingError, TariffError
from rates.models import RateVersion
from rates.typical import Table, Typical, bill_of, facts_of, total_of
from rates.web.reading import TableShown, read_out
from reports.kit import Cell, Cells, Column, Report
from reports.listings.rate_tables import clauses
from reports.parameters import Choices, Parameter, Parameters, Problem, day_text

STEPS = 10
_LABELLED = 2
_FIRST_OF_ALL, _LAST_OF_ALL = date(1900, 1, 1), date(2999, 12, 31)
_TENTH = Decimal("0.1")
_SHARES = (
    ("0.25", "A quarter of bills use up to this"),
    ("0.5", "Half of bills use up to this"),
    ("0.75", "Three quarters of bills use up to this"),
    ("0.95", "19 of 20 bills use up to this"),
)

# What a bill of the rate has used: of its own meters, or of those of the service it is measured by.
_TYPICAL = """
SELECT percentile_disc(%(shares)s::float8[]) WITHIN GROUP (ORDER BY used) FROM (
    SELECT sum(u.use * k.parts / k.whole) AS used
      FROM billing_registeruse u
      JOIN customers_service s ON s.id = u.service_id
      JOIN unnest(%(units)s::text[], %(parts)s::numeric[], %(wholes)s::numeric[]) AS k (unit, parts, whole)
        ON k.unit = u.unit
     WHERE u.is_live AND u."on" BETWEEN %(since)s AND %(through)s
       AND s.service_type = ANY (%(services)s::text[])
       AND s.account_id IN (SELECT o.account_id FROM customers_service o WHERE o.rate_id = %(rate)s)
     GROUP BY u.bill_id, u.service_id
) bills
"""


def _standing() -> list[RateVersion]:
    found = RateVersion.objects.exclude(state="withdrawn").select_related("table")
    return list(found.order_by("table__code", "-starts", "-id"))


def _label(version: RateVersion) -> str:
    draft = ", draft" if version.state == "draft" else ""
    return f"{version.table.code} from {day_text(version.starts)}{draft}"


def _newest(rows: Sequence[RateVersion]) -> RateVersion | None:
    """What one most likely asks about: the draft that was made last, else the version made last."""
    return max(rows, key=lambda v: (v.state == "draft", v.made_at, v.id), default=None)


def _offered(first: Callable[[Sequence[RateVersion]], RateVersion | None]) -> Choices:
    rows = _standing()
    top = first(rows)
    ordered = sorted(rows, key=lambda v: top is None or v.id != top.id)
    return [(str(v.id), _label(v)) for v in ordered]


def _before(rows: Sequence[RateVersion]) -> RateVersion | None:
    """The version of the same table that the newest follows; itself when it is the only one."""
    newest = _newest(rows)
    if newest is None:
        return None
    earlier = [v for v in rows if v.table_id == newest.table_id and v.id != newest.id]
    return max(earlier, key=lambda v: (v.starts <= newest.starts, v.starts), default=newest)


def _first_versions() -> Choices:
    return _offered(_before)


def _second_versions() -> Choices:
    return _offered(_newest)


def _chosen(parameters: Parameters) -> tuple[RateVersion, RateVersion]:
    found = RateVersion.objects.select_related("table")
    return found.get(id=parameters.text("one")), found.get(id=parameters.text("other"))


def _whose(parameters: Parameters, one: RateVersion, other: RateVersion) -> Typical:
    """The account asked for, on a day on which both versions have prices if none is asked for."""
    asked = parameters.values["on"]
    both = min(max(one.starts, other.starts), _LAST_OF_ALL)
    last = asked if isinstance(asked, date) else both + timedelta(days=30)
    given = (("meter_size", "size"), ("class", "category"), ("location", "location"))
    return Typical({name: parameters.text(answer) for name, answer in given}, last)


def _typical_uses(table: Table, version: RateVersion, last: date) -> list[tuple[Decimal, str]]:
    """The uses that part the bills of the year before, with what they part; none without bills."""
    unit = table.tariff.unit
    if unit not in UNITS:
        return []
    kin = {c: u.factor / UNITS[unit].factor for c, u in UNITS.items() if u.kind == UNITS[unit].kind}
    given: dict[str, Any] = {
        "shares": array_literal([float(share) for share, _ in _SHARES]),
        "units": array_literal(list(kin)),
        "parts": array_literal([share.numerator for share in kin.values()]),
        "wholes": array_literal([share.denominator for share in kin.values()]),
        "services": array_literal(sorted(table.tariff.needs) or [table.tariff.service_type]),
        "rate": version.table_id,
        "since": last - timedelta(days=365),
        "through": last,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TYPICAL, given)
        found = cursor.fetchone()[0]
    if not found:
        return []
    words = [said for _, said in _SHARES]
    uses = [Decimal(used).quantize(Decimal("0.001")).normalize() + 0 for used in found]
    return list(dict(zip(uses, words, strict=True)).items())


def _uses(
    parameters: Parameters, typical: list[tuple[Decimal, str]]
) -> list[tuple[Decimal, str, int | None]]:
    """(use, what is said of it, its step on the chart): even steps to the highest, typical uses between."""
    asked = parameters.whole("most")
    greatest = max((use for use, _ in typical), default=Decimal(10))
    step = Decimal(asked) / STEPS if asked else round_top(greatest * Decimal("1.2") / STEPS)
    said = dict(typical)
    even = {step * n: n for n in range(STEPS + 1)}
    return [(use, said.get(use, ""), even.get(use)) for use in sorted({*even, *said})]


def _bills(parameters: Parameters) -> Iterator[Cells]:
    versions = _chosen(parameters)
    one, other = (Table.of(version.content) for version in versions)
    whose = _whose(parameters, *versions)
    unit = one.tariff.unit or other.tariff.unit
    shown = UNITS[unit].label if unit in UNITS else (unit or "")
    uses: list[tuple[Decimal | None, str, int | None]] = [(None, "Each bill", None)]
    if unit:
        uses = list(_uses(parameters, _typical_uses(one, versions[0], whose.last)))
    for use, said, step in uses:
        pair = [bill_of(table, whose, use, unit) for table in (one, other)]
        before, after = map(total_of, pair)
        problems = [str(found) for found in pair if isinstance(found, RatingError)]
        change = after - before if before is not None and after is not None else None
        share = (change * 100 / before).quantize(_TENTH) if change is not None and before else None
        yield (
            _head(one, whose), _label(versions[0]), _label(versions[1]), use, shown,
            "; ".join([*problems[:1], said] if said else problems[:1]), before, after, change, share, step,
        )  # fmt: skip


def _head(table: Table, whose: Typical) -> str:
    """Whose bill is worked: the rows that were taken where nothing was asked for are said, too."""
    taken = facts_of(table, whose, Decimal(1), table.tariff.unit).attributes
    words = [f"{name.replace('_', ' ')} {text}" for name, text in sorted(taken.items())]
    return " · ".join([f"{whose.days} days to {day_text(whose.last)}", *words])


def _picture(rows: Sequence[Cells]) -> str:
    """Both bills against the use, over the even steps alone."""
    even = [row for row in rows if row[10] is not None]
    if len(even) <= 1:
        return ""
    labels = [
        figure(Decimal(str(r[3])).normalize()) if n % _LABELLED == 0 else "" for n, r in enumerate(even)
    ]
    return pair_chart(
        labels,
        [_amount(row[6]) for row in even],
        [_amount(row[7]) for row in even],
        title=f"The bill against use in {rows[0][4]}",
        unit="dollars",
        names=(str(rows[0][1]), str(rows[0][2])),
        size=(700.0, 190.0),
        palette=Palette(),
        font_size=9.0,
    )


def _amount(value: Cell) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _lines(shown: TableShown) -> dict[str, dict[str, str]]:
    """What a table says, by charge and by the place in it."""
    found: dict[str, dict[str, str]] = {}
    names = {str(n): one for n, one in enumerate(shown.charges, start=1)}
    here = ""
    for number, charge, says, whom, price, _ in clauses(shown):
        here = charge or here
        if number:
            here = f"{names[number].text} ({names[number].id})"
        place = whom or ("What it says" if says else "")
        value = str(price) if price is not None else says
        under = found.setdefault(here, {})
        under[place if place not in under else f"{place} ·"] = value
    return found


def _together(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """The names of both, those of the first alone before what follows them there."""
    found = list(other)
    for n, name in enumerate(one):
        if name not in found:
            after = next((found.index(later) for later in one[n + 1 :] if later in found), len(found))
            found.insert(after, name)
    return found


def _clauses(parameters: Parameters) -> Iterator[Cells]:
    one, other = (_lines(read_out(version.content)) for version in _chosen(parameters))
    only_changes = parameters.text("show") == "changes"
    for charge in _together(list(one), list(other)):
        before, after = one.get(charge, {}), other.get(charge, {})
        for place in _together(list(before), list(after)):
            old, new = before.get(place, ""), after.get(place, "")
            same = old == new
            if not (only_changes and same):
                yield charge, place, old, new, "" if same else _how(old, new)


def _how(old: str, new: str) -> str:
    return "new" if not old else "gone" if not new else "changed"


def _clause_columns(parameters: Parameters) -> tuple[Column, ...]:
    one, other = _chosen(parameters)
    return (
        Column("charge", "Charge", width=30, heading=True),
        Column("place", "For", width=24),
        Column("one", _label(one), width=36),
        Column("other", _label(other), width=36),
        Column("change", "", width=9),
    )


def _shape(report: Report, parameters: Parameters) -> Report:
    if parameters.text("show") != "bills":
        columns = _clause_columns(parameters)
        return replace(report, columns=columns, rows=_clauses, subtotals=("charge",), picture=None, notes=())
    one, other = _chosen(parameters)
    labels = {"before": _label(one), "after": _label(other)}
    columns = tuple(replace(c, label=labels.get(c.name, c.label)) for c in report.columns)
    return replace(report, columns=columns)


def _check(parameters: Parameters) -> Iterator[Problem]:
    """A version that the engine cannot read cannot be compared; nor can two services."""
    asked = parameters.values["on"]
    if isinstance(asked, date) and not _FIRST_OF_ALL <= asked <= _LAST_OF_ALL:
        yield Problem(
            "on",
            "Last day",
            f"{day_text(asked)} is too far away.",
            "Choose a day near those of the versions.",
        )
    versions = _chosen(parameters)
    for version, name, label in zip(versions, ("one", "other"), ("First", "Second"), strict=True):
        try:
            Table.of(version.content)
        except TariffError as wrong:
            yield Problem(name, label, f"The version cannot be read: {wrong}", "Choose another.")
    one, other = (version.table.service_type for version in versions)
    if one != other:
        kinds = dict(ServiceType.choices)
        problem = f"One is a rate for {kinds.get(one, one)}, the other for {kinds.get(other, other)}."
        yield Problem("other", "Second", problem, "Choose two of one service.")


REPORT = Report(
    code="rate-comparison",
    title="Rate comparison",
    group="Rates",
    permission="rates.view",
    about="Two rates, or two versions of one: bills at typical uses with their chart, or clause by clause.",
    parameters=(
        Parameter("one", "First", "choice", required=True, choices=_first_versions),
        Parameter("other", "Second", "choice", required=True, choices=_second_versions),
        Parameter(
            "show",
            "Show",
            "choice",
            required=True,
            default=lambda today: "bills",
            choices=(
                ("bills", "Bills at typical uses"),
                ("clauses", "Clause by clause"),
                ("changes", "Only what changes"),
            ),
        ),
        Parameter("size", "Meter size", help="Otherwise the first in the table."),
        Parameter("category", "Class", help="Otherwise the first in the table."),
        Parameter(
            "location", "Inside or outside", "choice", choices=(("inside", "Inside"), ("outside", "Outside"))
        ),
        Parameter("most", "Highest use", "whole"),
        Parameter("on", "Last day", "date", help="Otherwise 30 days after both began."),
    ),
    columns=(
        Column("whose", "Bill", width=30, heading=True),
        Column("one", "First", file_only=True),
        Column("other", "Second", file_only=True),
        Column("use", "Use", "quantity", width=12),
        Column("unit", "Unit", width=14),
        Column("said", "Bills of the year before", width=34),
        Column("before", "First", "amount", width=16, may_credit=True),
        Column("after", "Second", "amount", width=16, may_credit=True),
        Column("change", "Change", "amount", width=13, may_credit=True),
        Column("share", "Change, %", "percent", width=9),
        Column("step", "Step of the chart", "count", file_only=True),
    ),
    rows=_bills,
    subtotals=("whose",),
    shape=_shape,
    check=_check,
    picture=_picture,
    notes=(
        "A bill of 30 days; where nothing is asked for, the first row of the table and one of each count.",
        "A rate that is measured by another service is worked with the same use of it.",
    ),
)
