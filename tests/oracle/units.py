"""Units of use: known ones by definition, and those of a table by its convention."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

from tests.oracle.exact import BadTable, NoPrice

Entries = list[dict[str, Any]]
LITRE = 1000 / Fraction("16.387064")  # in cubic inches, of 2.54 cm each way
KNOWN: dict[str, tuple[str, Fraction]] = {
    "GAL": ("volume", Fraction(231)),
    "KGAL": ("volume", Fraction(231_000)),
    "CF": ("volume", Fraction(1728)),
    "CCF": ("volume", Fraction(172_800)),
    "AF": ("volume", Fraction(43_560 * 1728)),
    "IGAL": ("volume", Fraction("4.54609") * LITRE),
    "L": ("volume", LITRE),
    "M3": ("volume", 1000 * LITRE),
    "KWH": ("energy", Fraction(1)),
    "MWH": ("energy", Fraction(1000)),
    "THERM": ("heat", Fraction(1)),
    "DTH": ("heat", Fraction(10)),
    "SF": ("area", Fraction(1)),
    "ACRE": ("area", Fraction(43_560)),
    "KW": ("power", Fraction(1)),
    "KVA": ("apparent power", Fraction(1)),
    "KVARH": ("reactive energy", Fraction(1)),
    "EACH": ("count", Fraction(1)),
}
SAID = ("code", "of", "label")
Work = Callable[[Any], Fraction]


def convert(amount: Fraction, unit: str, wanted: str, entries: Entries, work: Work) -> Fraction:
    """The amount in the wanted unit, by the first convention that links the two, otherwise by definition."""
    if unit == wanted:
        return amount
    (measure, size), (wanted_measure, wanted_size) = (
        measured(code, entries, work) for code in (unit, wanted)
    )
    for entry in entries:
        for turned in (False, True):
            start, end = (entry["of"], entry["code"]) if turned else (entry["code"], entry["of"])
            one, other = measured(start, entries, work), measured(end, entries, work)
            if kin((measure, size), one) and kin((wanted_measure, wanted_size), other):
                factor = above_zero(entry, work)
                return amount * size / one[1] * (1 / factor if turned else factor) * other[1] / wanted_size
    if measure != wanted_measure:
        raise NoPrice(f"{unit} cannot be converted to {wanted}.")
    return amount * size / wanted_size


def measured(code: str, entries: Entries, work: Work) -> tuple[str, Fraction]:
    """What a unit measures, and its size; a unit of the table's own is so many of another."""
    if code in KNOWN:
        return KNOWN[code]
    for entry in entries:
        if entry["code"] == code:
            measure, size = measured(entry["of"], [e for e in entries if e is not entry], work)
            return measure, size * above_zero(entry, work)
    raise NoPrice(f"{code} is not a known unit.")


def above_zero(entry: dict[str, Any], work: Work) -> Fraction:
    """The factor of a convention."""
    factor = work(entry["equals"])
    if factor <= 0:
        raise NoPrice(f"{entry['code']} must be something.")
    return factor


def kin(one: tuple[str, Fraction], other: tuple[str, Fraction]) -> bool:
    """Whether two units measure the same and differ by a power of ten only."""
    if one[0] != other[0]:
        return False
    ratio = one[1] / other[1]
    larger = max(ratio, 1 / ratio)
    while larger % 10 == 0:
        larger /= 10
    return larger == 1


def check_units(table: dict[str, Any]) -> None:
    """The unit of the table and those its own are made of are known; its own have a label."""
    written = [entry[e] for entry in table.get("units", []) for e in SAID if e in entry]
    if table.get("unit") is not None:
        written.append(table["unit"])
    if any(not isinstance(words, str) or not words for words in written):
        raise BadTable("units: words are needed.")
    for entry in table.get("units", []):
        if entry["of"] not in KNOWN:
            raise BadTable(f"unit {entry['of']} is not known.")
        if entry["code"] not in KNOWN and "label" not in entry:
            raise BadTable(f"unit {entry['code']} has no label.")
    known = (*KNOWN, *(entry["code"] for entry in table.get("units", [])))
    if table.get("unit") is not None and table["unit"] not in known:
        raise BadTable(f"unit {table['unit']} is not known.")
