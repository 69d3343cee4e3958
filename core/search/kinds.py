"""What can be found: each app lists its kinds in ``<app>/search.py`` as ``SEARCH_KINDS``."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from core.app_lists import gather
from core.search.tokens import FEWEST_LAST_DIGITS, Term, all_digits, plain


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


class Said:
    """Something a row is found under: what people call it, as it is shown, and its keys.

    ``make`` gives the keys of what follows it; they are worked out when somebody asks for them.
    """

    def __init__(self, label: str, text: str, make: Callable[..., Set[str]], *of: object) -> None:
        self.label, self.text = label, text
        self._make, self._of = make, of

    @cached_property
    def keys(self) -> Set[str]:
        """What it is found under."""
        return self._make(*self._of)

    @cached_property
    def plain(self) -> str:
        """What is shown, in lower case without accents."""
        return plain(self.text)

    def answers(self, term: Term) -> bool:
        """Whether one of its keys answers the term.

        Three digits and more stand in what is shown wherever they stand in a key: where they do not, no key
        need be made.
        """
        typed = term.ranges[0][0]
        if len(typed) >= FEWEST_LAST_DIGITS and typed.isdigit() and typed not in all_digits(self.plain):
            return False
        return term.answered_by(self.keys)


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
