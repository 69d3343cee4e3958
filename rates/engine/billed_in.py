"""The months in which a flat service is billed: quarterly, half-yearly, once a year."""

from rates.engine.reader import Reader

_MONTHS = range(1, 13)


def parse_billed_in(reader: Reader, has_unit: bool) -> tuple[int, ...]:
    """The months, ascending.  Raises ``TariffError`` for what is no month and for a table that prices use."""
    if has_unit:
        raise reader.fail(
            "A table that prices use is billed whenever the meter is read.", "Leave out “unit”, or this."
        )
    found: list[int] = []
    for piece in reader.items():
        month = piece.content
        if type(month) is not int or month not in _MONTHS or month in found:
            raise reader.fail(
                f"{month!r} cannot stand here.", "List months from 1 to 12, each once: [3, 6, 9, 12]."
            )
        found.append(month)
    return tuple(sorted(found))
