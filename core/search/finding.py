"""Finding: the rarest term first, the others looked up row by row; ranges of keys and nothing else."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from core.search.kinds import Result, all_search_kinds
from core.search.tokens import Term, terms

COUNT_UP_TO = 3000


def find(text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> list[tuple[str, int]]:
    """(kind, ref) of what has every word of ``text`` in it, in any order, each word by its beginning.

    Kinds as given (all of them by default); nearest keys first, so an exact number is on top.  Needs
    a transaction.
    """
    wanted = terms(text)
    asked = list(all_search_kinds() if kinds is None else kinds)
    if not wanted or not asked:
        return []
    if len(wanted) > 1:
        wanted = _rarest_first(wanted, asked)
    if not wanted:
        return []
    sql, values = _question(wanted, asked, limit)
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [(kind, ref) for kind, ref in cursor.fetchall()]


def answers(text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> list[Result]:
    """What ``find`` finds, described, kinds in their declared order and the nearest first within each."""
    found = find(text, kinds, limit)
    shown: list[Result] = []
    for code, kind in all_search_kinds().items():
        refs = [ref for of, ref in found if of == code]
        if refs:
            described = {result.ref: result for result in kind.describe(refs)}
            shown.extend(described[ref] for ref in refs if ref in described)
    return shown


def _rarest_first(wanted: Sequence[Term], kinds: Sequence[str]) -> list[Term]:
    """The terms in order of how many keys answer them, counted up to a bound; none when one has none."""
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT FROM ({_keys(term)}) k LIMIT {COUNT_UP_TO}) few)" for term in wanted
    )
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + counts, [value for term in wanted for value in _values(term, kinds)])
        found = cursor.fetchone()
    if 0 in found:
        return []
    return [term for _, term in sorted(zip(found, wanted, strict=True), key=lambda pair: pair[0])]


def _question(wanted: Sequence[Term], kinds: Sequence[str], limit: int) -> tuple[str, list[Any]]:
    """One statement that starts from the keys of the first term, nearest first.

    The other terms are LATERAL with LIMIT 1: the planner then looks each row up, and never reads the
    whole range of a common word to join it.
    """
    first, *others = wanted
    looked_up, bounds = "", []
    for number, term in enumerate(others):
        either = " OR ".join("(k.token >= %s AND k.token < %s)" for _ in term.ranges)
        looked_up += (
            " CROSS JOIN LATERAL (SELECT FROM core_searchkey k WHERE k.kind = c.kind AND k.ref = c.ref"
            f" AND ({either}) LIMIT 1) also_{number}"
        )
        bounds += [bound for pair in term.ranges for bound in pair]
    near = f"SELECT c.kind, c.ref, c.token FROM ({_keys(first)}) c{looked_up} ORDER BY c.token LIMIT %s"
    # A row may answer by several keys: take more than the limit, then each row once.
    sql = f"SELECT kind, ref FROM ({near}) near GROUP BY kind, ref ORDER BY min(token), kind, ref LIMIT %s"
    return sql, [*_values(first, kinds), *bounds, limit * 2, limit]


def _keys(term: Term) -> str:
    """The keys that answer a term: one scan for each range, never an OR that would read the whole index."""
    one = "SELECT kind, ref, token FROM core_searchkey WHERE token >= %s AND token < %s AND kind = ANY (%s)"
    return " UNION ALL ".join([one] * len(term.ranges))


def _values(term: Term, kinds: Sequence[str]) -> list[Any]:
    return [value for low, high in term.ranges for value in (low, high, list(kinds))]
