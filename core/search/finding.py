"""Finding: for each kind the rarest term first; only ranges of keys are read.

The other terms are looked up row by row, unless even the rarest is common: then the keys of two are joined.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.db import connection

from core.search.explaining import explained
from core.search.kinds import Result, all_search_kinds
from core.search.tokens import Term, terms

COUNT_UP_TO = 2000


class Plan(NamedTuple):
    """The terms in order, the rarest first; ``all_common``: more keys answer each than were counted."""

    terms: tuple[Term, ...]
    all_common: bool


def find(text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> list[tuple[str, int]]:
    """(kind, ref) of what has every word of ``text`` in it, in any order, each word by its beginning.

    Kinds as given (all of them by default), at most ``limit`` of each; nearest keys first, so an exact
    number is on top.  Needs a transaction; one statement, or two for several words.
    """
    wanted = terms(text)
    asked = list(all_search_kinds() if kinds is None else kinds)
    if not wanted or not asked:
        return []
    plan = (
        _rarest_first(wanted, asked) if len(wanted) > 1 else dict.fromkeys(asked, Plan((wanted[0],), False))
    )
    if not plan:
        return []
    parts = [_question(kind, planned, limit) for kind, planned in plan.items()]
    sql = " UNION ALL ".join(f"({part})" for part, _ in parts)
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _, values in parts for value in values])
        return [(kind, ref) for kind, ref, _ in sorted(cursor.fetchall(), key=lambda row: (row[2], row[0]))]


def answers(text: str, kinds: Sequence[str] | None = None, limit: int = 20) -> list[Result]:
    """What ``find`` finds, described, kinds in their declared order and the nearest first within each."""
    found, wanted = find(text, kinds, limit), terms(text)
    shown: list[Result] = []
    for code, kind in all_search_kinds().items():
        refs = [ref for of, ref in found if of == code]
        if refs:
            described = {result.ref: result for result in kind.describe(refs)}
            shown.extend(explained(kind, wanted, [described[ref] for ref in refs if ref in described]))
    return shown


def _rarest_first(wanted: Sequence[Term], kinds: Sequence[str]) -> Mapping[str, Plan]:
    """For each kind the terms in order of how many of its keys answer them, counted up to a bound.

    A kind in which some term has no key at all is left out.
    """
    counts = ", ".join(
        f"(SELECT count(*) FROM (SELECT FROM ({_keys(term)}) k LIMIT {COUNT_UP_TO}) few)"
        for _ in kinds
        for term in wanted
    )
    values = [value for kind in kinds for term in wanted for value in _values(term, kind)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + counts, values)
        found = cursor.fetchone()
    plan: dict[str, Plan] = {}
    for place, kind in enumerate(kinds):
        mine = found[place * len(wanted) : (place + 1) * len(wanted)]
        if 0 not in mine:
            counted = sorted(zip(mine, wanted, strict=True), key=_rareness)
            plan[kind] = Plan(tuple(term for _, term in counted), min(mine) >= COUNT_UP_TO)
    return plan


def _rareness(counted: tuple[int, Term]) -> tuple[int, int]:
    """By number of keys; of words beyond the bound of counting the longer one is likely the rarer."""
    count, term = counted
    return count, -len(term.ranges[0][0]) if count >= COUNT_UP_TO else 0


def _question(kind: str, plan: Plan, limit: int) -> tuple[str, list[Any]]:
    """One question that starts from the keys of the first term, nearest first.

    The other terms are LATERAL with LIMIT 1: the planner then looks each row up, and never reads the
    whole range of a common word to join it.  Where the first is common too, thousands of look-ups would
    cost more than reading the range of the second once.  OFFSET 0 keeps the planner from looking up after
    all, and leaves it a hash to join the two with.
    """
    first, *others = plan.terms
    near, values = f"({_keys(first)}) c", _values(first, kind)
    if plan.all_common:
        second = others.pop(0)
        both = f"SELECT ref FROM ({_keys(second)}) two OFFSET 0"
        near = f"(SELECT ref, token FROM ({_keys(first)} OFFSET 0) one WHERE ref IN ({both})) c"
        values += _values(second, kind)
    for number, term in enumerate(others):
        either = " OR ".join("(k.token >= %s AND k.token < %s)" for _ in term.ranges)
        near += (
            " CROSS JOIN LATERAL (SELECT FROM core_searchkey k WHERE k.kind = %s AND k.ref = c.ref"
            f" AND ({either}) LIMIT 1) also_{number}"
        )
        values += [kind, *(bound for pair in term.ranges for bound in pair)]
    # A row may answer by several keys: take more than the limit, then each row once.
    sql = (
        "SELECT %s::text, ref, min(token) AS token"
        f" FROM (SELECT c.ref, c.token FROM {near} ORDER BY c.token LIMIT %s) near"
        " GROUP BY ref ORDER BY min(token), ref LIMIT %s"
    )
    return sql, [kind, *values, limit * 2, limit]


def _keys(term: Term) -> str:
    """The keys that answer a term: one scan for each range, never an OR that would read the whole index."""
    one = "SELECT ref, token FROM core_searchkey WHERE kind = %s AND token >= %s AND token < %s"
    return " UNION ALL ".join([one] * len(term.ranges))


def _values(term: Term, kind: str) -> list[Any]:
    return [value for low, high in term.ranges for value in (kind, low, high)]
