"""What upper apps made of a reading, asked before it is corrected and told afterwards.

An app that uses readings lists ``ReadingUse`` values in ``<app>/reading_uses.py`` as ``READING_USES``.
"""

from collections.abc import Callable
from dataclasses import dataclass

from core.app_lists import gather
from meters.models import Reading


@dataclass(frozen=True, slots=True)
class ReadingUse:
    """``check`` raises ``Refused`` when the reading must stay; ``follow`` acts on the corrected one."""

    check: Callable[[Reading], None]
    follow: Callable[[Reading], None]


READING_USES: tuple[ReadingUse, ...] = ()


def reading_uses() -> tuple[ReadingUse, ...]:
    """Those of all apps."""
    found: tuple[ReadingUse, ...] = gather("reading_uses", "READING_USES")
    return found
