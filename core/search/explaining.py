"""By what an answer was found, where what is shown of it does not tell."""

from collections.abc import Sequence
from dataclasses import replace

from core.search.kinds import Result, Said, SearchKind
from core.search.tokens import Term, number_tokens, plain, tokens


def explained(kind: SearchKind, wanted: Sequence[Term], results: Sequence[Result]) -> list[Result]:
    """The results, each with ``because`` where a term is not answered by its title and detail.

    What is told is read only for those results, and only by a kind that can tell.
    """
    seen = [_seen(result) for result in results]
    unclear = [r.ref for r, keys in zip(results, seen, strict=True) if kind.tell and _missing(wanted, keys)]
    told = kind.tell(unclear) if kind.tell and unclear else {}
    return [
        replace(r, because=_because(wanted, r, keys, told[r.ref])) if r.ref in told else r
        for r, keys in zip(results, seen, strict=True)
    ]


def _because(wanted: Sequence[Term], result: Result, keys: set[str], said: Sequence[Said]) -> str:
    text = plain(_shown(result))
    for one in said:
        if plain(one.text) in text:
            keys |= one.keys
    reasons: dict[str, None] = {}
    for term in _missing(wanted, keys):
        found = next((one for one in said if term.answered_by(one.keys)), None)
        if found is not None:
            reasons[f"{found.label} {found.text}"] = None
    return " · ".join(reasons)


def _missing(wanted: Sequence[Term], keys: set[str]) -> list[Term]:
    return [term for term in wanted if not term.answered_by(keys)]


def _seen(result: Result) -> set[str]:
    """The keys of what is shown; of numbers their last digits too."""
    shown = _shown(result)
    numbers = (number_tokens(piece) for piece in shown.split() if any(c.isdigit() for c in piece))
    return tokens(shown).union(*numbers)


def _shown(result: Result) -> str:
    return f"{result.title} {result.detail}"
