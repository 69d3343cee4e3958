"""JSON read without losing a digit or an entry."""

import json
from collections.abc import Callable
from typing import Any

from rates.engine import TariffError


def read_json(text: str, *, bare_numbers: bool) -> Any:
    """The content of a JSON text.

    With ``bare_numbers`` 4.5 is read as exactly that and given as text; without, a bare decimal stays what
    JSON makes of it, and the reader of tables refuses it.  Raises ``TariffError`` for text that is not JSON
    and for an entry that stands twice, of which one would be lost without a word.
    """
    exactly: Callable[[str], Any] | None = str if bare_numbers else None
    try:
        return json.loads(text, object_pairs_hook=_once, parse_float=exactly, parse_constant=_no_constant)
    except json.JSONDecodeError as wrong:
        raise TariffError(
            f"line {wrong.lineno}, character {wrong.colno}", f"{wrong.msg}.", "Correct the JSON there."
        ) from wrong
    except TariffError:
        raise
    except ValueError:
        raise TariffError("", "A number in it has thousands of digits.", "Correct it.") from None
    except RecursionError:
        raise TariffError("", "It is nested too deeply.", "Write a rate table as the README shows.") from None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise TariffError(key, f"“{key}” stands twice in one object.", "Write it once.")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise TariffError("", f"{name} is not a number.", "Write a number in quotes, like “7.05”.")
