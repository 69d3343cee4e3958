"""A unit of the table that does not go with the meters, or with the service."""

from collections.abc import Iterator

from core.quantities import UNITS
from rates.engine.conversion import find_plan
from rates.lint.findings import Finding
from rates.lint.rules.rule import Rule
from rates.lint.sheet import Sheet

_USUAL = {
    "water": ("volume",),
    "sewer": ("volume",),
    "irrigation": ("volume",),
    "electric": ("energy", "demand", "apparent"),
    "gas": ("heat", "volume"),
}


def _check(sheet: Sheet) -> Iterator[Finding]:
    tariff = sheet.tariff
    if tariff.unit is None:
        return
    kind = _kind(sheet)
    usual = _USUAL.get(tariff.service_type)
    if usual and kind and kind not in usual:
        yield Finding(
            "look",
            "unit",
            f"{tariff.service_type.capitalize()} is priced in {tariff.unit_label}, which measure {kind}.",
            f"Use a unit of {usual[0]}, unless the ordinance says so.",
            RULE.name,
        )
    asked = {tariff.use.source or tariff.service_type} | (tariff.needs if sheet_uses_others(sheet) else set())
    for service in sorted(asked):
        for unit in sorted(sheet.context.meter_units.get(service, ())):
            if find_plan(tariff.use.own_units, unit, tariff.unit) is None:
                yield Finding(
                    "stop",
                    "unit",
                    f"{service.capitalize()} meters count {_label(unit)}, "
                    f"which cannot become {tariff.unit_label}.",
                    "Correct the unit of the table or of the meters, or declare the conversion in “units”.",
                    RULE.name,
                )


def sheet_uses_others(sheet: Sheet) -> bool:
    """Whether the table takes the use of another service, not only its charges."""
    return sheet.tariff.use.source is not None


def _kind(sheet: Sheet) -> str | None:
    unit = sheet.tariff.unit
    for own in sheet.tariff.use.own_units:
        if own.code == unit and unit not in UNITS:
            unit = own.of
    return UNITS[unit].kind if unit in UNITS else None


def _label(unit: str) -> str:
    return UNITS[unit].label if unit in UNITS else unit


RULE = Rule("units", "A unit that does not go with the meters or the service.", _check)
