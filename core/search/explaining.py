"""By what an answer was found, where what is shown of it does not tell."""

from collections.abc import Sequence
from dataclasses import replace

from core.search.kinds import Result, Said, SearchKind
from core.search.tokens import Term, number_tokens, plain, tokens, words


def explained(kind: SearchKind, wanted: Sequence[Term], results: Sequence[Result]) -> list[Result]:
    """The results, each with ``because`` where a term is not answered by its title and detail.

    What is told is read only for those results, and only by a kind that can tell.
    """
    if not kind.tell:
        return list(results)
    # Most answers show the very words that were typed: their other keys need not be worked out.
    seen = {result.ref: _seen(result) for result in results if not _plainly(wanted, result)}
    unclear = [ref for ref, keys in seen.items() if _missing(wanted, keys)]
    told = kind.tell(unclear) if unclear else {}
    return [
        replace(r, because=_because(wanted, r, seen[r.ref], told[r.ref])) if r.ref in told else r
        for r in results
    ]


def _plainly(wanted: Sequence[Term], result: Result) -> bool:
    """Whether each term begins a word that is shown."""
    return not _missing(wanted, set(words(_shown(result))))


def _because(wanted: Sequence[Term], result: Result, keys: set[str], said: Sequence[Said]) -> str:
    text = plain(_shown(result))
    shown = [one for one in said if one.plain in text]
    reasons: dict[str, None] = {}
    for term in _missing(wanted, keys):
        if not any(one.answers(term) for one in shown):
            found = next((one for one in said if one.answers(term)), None)
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
