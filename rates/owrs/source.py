"""A ``.owrs`` file as plain entries, every scalar as the text that stands there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import yaml


class OwrsError(ValueError):
    """The file cannot be read at all; the text says where and what to do."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who charges, from when, in which unit, and the entries of each customer class."""

    utility: str
    effective: date | None
    frequency: str
    unit: str
    classes: Mapping[str, Mapping[str, Any]]
    remarks: tuple[str, ...]


UNITS_OF_FILES = {
    "ccf": "CCF", "hcf": "CCF", "cf": "CF", "kgal": "KGAL", "tgal": "KGAL", "gal": "GAL", "gallon": "GAL",
    "gallons": "GAL", "af": "AF", "m3": "M3", "kl": "M3",
    "kilolitre": "M3", "kiloliter": "M3", "kgals": "KGAL", "hundred cubic feet": "CCF",
}  # fmt: skip
_DAYS = ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%m/%d/%y")


def read_source(text: str) -> Source:
    """The entries of a file.

    Only text, lists and named entries are made, never another object, and a price keeps each digit that
    stands in the file.  Raises ``OwrsError``.
    """
    try:
        content = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 - makes text, lists and mappings only
    except yaml.YAMLError as wrong:
        mark = getattr(wrong, "problem_mark", None)
        place = f"Line {mark.line + 1}: " if mark else ""
        problem = getattr(wrong, "problem", None) or "it is not YAML"
        raise OwrsError(f"{place}{problem}. Correct the file there.") from wrong
    except RecursionError:
        raise OwrsError("It is nested too deeply to be a rate file.") from None
    if not isinstance(content, Mapping) or not isinstance(content.get("rate_structure"), Mapping):
        raise OwrsError("There is no “rate_structure”. Give a file of the Open Water Rate Specification.")
    about = content.get("metadata")
    about = about if isinstance(about, Mapping) else {}
    remarks: list[str] = []
    classes = {
        str(name): _entries(str(name), entries, remarks)
        for name, entries in content["rate_structure"].items()
    }
    unit = str(about.get("bill_unit") or "ccf").strip().lower()
    if unit not in UNITS_OF_FILES:
        raise OwrsError(
            f"The unit “{unit}” is not known. Write bill_unit as one of {', '.join(UNITS_OF_FILES)}."
        )
    return Source(
        " ".join(str(about.get("utility_name") or "Unnamed utility").split()),
        _day(str(about.get("effective_date") or ""), remarks),
        str(about.get("bill_frequency") or ""),
        UNITS_OF_FILES[unit],
        classes,
        tuple(remarks),
    )


def _entries(name: str, content: Any, remarks: list[str]) -> Mapping[str, Any]:
    """The named entries of a class; early files list them one by one."""
    if isinstance(content, Mapping):
        return content
    found: dict[str, Any] = {}
    listed = content if isinstance(content, Sequence) and not isinstance(content, str) else ()
    for piece in listed:
        if not isinstance(piece, Mapping):
            continue
        if "depends_on" in piece and "values" in piece and len(piece) > len({"depends_on", "values"}):
            # An early slip: the choice stands beside its name instead of under it.
            key = next(k for k in piece if k not in ("depends_on", "values"))
            found[key] = {"depends_on": piece["depends_on"], "values": piece["values"]}
        else:
            found.update(piece)
    if not found:
        remarks.append(f"{name} has no entries.")
    return found


def _day(text: str, remarks: list[str]) -> date | None:
    for form in _DAYS:
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    if text:
        remarks.append(f"The effective date “{text}” is not a date; the table has none.")
    return None
