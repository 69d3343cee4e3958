"""What can be found: each app lists its kinds in ``<app>/search.py`` as ``SEARCH_KINDS``."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field

from core.app_lists import gather


@dataclass(frozen=True, slots=True)
class Result:
    """An answer as shown: two lines of text, where it leads, and its status, if it has one to show.

    ``route`` and ``args`` name a URL pattern; ``state`` is a word that the screen kit's badges know.
    ``because`` says by what it was found, where title and detail do not show it.
    """

    kind: str
    ref: int
    title: str
    detail: str
    route: str
    args: tuple[str | int, ...]
    state: str = ""
    because: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """Something a row is found under: what people call it, as it is shown, and its keys."""

    label: str
    text: str
    keys: Set[str]


Telling = Callable[[Sequence[int]], Mapping[int, Sequence[Said]]]


def keys_said(tell: Telling) -> Callable[[Sequence[int]], Mapping[int, Iterable[str]]]:
    """``build`` of a kind whose keys are those of what ``tell`` tells of each row."""

    def build(refs: Sequence[int]) -> Mapping[int, Iterable[str]]:
        return {ref: set().union(*(one.keys for one in said)) for ref, said in tell(refs).items()}

    return build


@dataclass(frozen=True, slots=True)
class SearchKind:
    """One kind of thing.

    ``build(refs)`` gives the keys of each of those rows (made with ``core.search.tokens``), a row that
    is not to be found left out; ``describe(refs)`` the answers, in any order; ``every()`` the ids of all
    its rows.  All three work set-wise, for the utility in scope; ``permission`` is what one must hold.
    ``follows`` names kinds whose words stand in these keys too (an account is found by its customer's
    name), each with the function that gives, for rows of that kind, the rows of this one.  ``tell`` gives
    what the keys are made of piece by piece, so that an answer can say by which of them it was found.
    """

    code: str
    label: str
    permission: str
    build: Callable[[Sequence[int]], Mapping[int, Iterable[str]]]
    describe: Callable[[Sequence[int]], Iterable[Result]]
    every: Callable[[], Iterable[int]]
    icon: str = "search"
    order: int = 50
    tell: Telling | None = None
    follows: Mapping[str, Callable[[Sequence[int]], Iterable[int]]] = field(default_factory=dict)


def all_search_kinds() -> dict[str, SearchKind]:
    """Every kind of every app, by code, in the order in which their answers are shown."""
    kinds: list[SearchKind] = sorted(gather("search", "SEARCH_KINDS"), key=lambda kind: kind.order)
    return {kind.code: kind for kind in kinds}
