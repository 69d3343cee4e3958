"""Where a row came from, as its table keeps it (``import:12``, ``operator:3``), told in words with a link.

An app that rows come from lists how it tells of itself in ``<app>/origins.py`` as ``ORIGINS``.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from core.acting import names_of
from core.app_lists import gather


class Origin(NamedTuple):
    """What is said of it, and the page where it is seen, if there is one and it may be looked at."""

    words: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class OriginKind:
    """``code`` stands before the colon; ``tell`` gives the origins of these ids in one query.

    ``permission`` is needed to follow the link.
    """

    code: str
    tell: Callable[[Collection[int]], Mapping[int, Origin]]
    permission: str = ""


def origins_of(refs: Iterable[str], may: Callable[[str], bool]) -> dict[str, Origin]:
    """The origins behind these references; one that nobody knows is told as it stands."""
    found: dict[str, Origin] = {}
    wanted: dict[str, dict[int, str]] = defaultdict(dict)
    for ref in set(refs):
        code, _, number = ref.partition(":")
        found[ref] = Origin(ref)
        if number.isascii() and number.isdigit():
            wanted[code][int(number)] = ref
    for kind in gather("origins", "ORIGINS"):
        if kind.code in wanted:
            for row_id, origin in kind.tell(wanted[kind.code]).items():
                follow = not kind.permission or may(kind.permission)
                found[wanted[kind.code][row_id]] = origin if follow else Origin(origin.words)
    return found


def _operators(ids: Collection[int]) -> dict[int, Origin]:
    return _named("operator", ids, "entered by")


def _partners(ids: Collection[int]) -> dict[int, Origin]:
    return _named("partner", ids, "sent by")


def _named(code: str, ids: Collection[int], verb: str) -> dict[int, Origin]:
    names = names_of(f"{code}:{row_id}" for row_id in ids)
    return {i: Origin(f"{verb} {names[f'{code}:{i}']}") for i in ids if f"{code}:{i}" in names}


ORIGINS = (OriginKind("operator", _operators), OriginKind("partner", _partners))
