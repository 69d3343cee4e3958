"""Writing the keys: in the same operation as what they lead to, and the same way in bulk."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice

from django.db import connection

from core.bulk import array_literal
from core.models import SearchKey
from core.search.kinds import SearchKind, all_search_kinds
from core.search.tokens import clean
from core.tenancy import current_utility_id

REFS_AT_ONCE = 5000
LOCKS = 64
LOOKED_AT = 50


def write_keys(kind: str, keys: Mapping[int, Iterable[str]]) -> None:
    """Make the keys of these rows exactly these; an empty set makes a row unfindable.

    Set-based: two statements for five thousand rows.  For rows that others may change at the same
    time call ``refresh_keys``, which also reads what the keys are made of.
    """
    wanted = {ref: clean(found) for ref, found in keys.items()}
    refs = sorted(wanted)
    for start in range(0, len(refs), REFS_AT_ONCE):
        part = refs[start : start + REFS_AT_ONCE]
        pairs = [(ref, token) for ref in part for token in wanted[ref]]
        _write(kind, part, [ref for ref, _ in pairs], [token for _, token in pairs])


def refresh_keys(kind: str, refs: Iterable[int], *, alone: bool = False) -> None:
    """Make the keys of these rows anew from what the rows say now; call it after the change.

    The keys of kinds that follow this one are made anew too: an account's when its customer's name
    changes.  ``alone`` leaves them, for bulk work that names every kind itself.  Two operations that change
    parts of the same answer write its keys one after the other.
    """
    ordered = sorted(set(refs))
    if not ordered:
        return
    kinds = all_search_kinds()
    _take_turns(kind, ordered)
    for start in range(0, len(ordered), REFS_AT_ONCE):
        part = ordered[start : start + REFS_AT_ONCE]
        found = kinds[kind].build(part)
        write_keys(kind, {ref: found.get(ref, ()) for ref in part})
    for other in () if alone else kinds.values():
        if kind in other.follows:
            refresh_keys(other.code, other.follows[kind](ordered))


def refresh_every_key() -> dict[str, int]:
    """Make all keys of the utility in scope anew; returns how many rows of each kind have keys.

    For a version that brings a new kind, and for rows that did not come through an operation.
    """
    counts: dict[str, int] = {}
    for kind in all_search_kinds().values():
        refs = list(kind.every())
        refresh_keys(kind.code, refs, alone=True)
        counts[kind.code] = len(refs)
    return counts


def refresh_new_kinds() -> bool:
    """Make all keys of the utility in scope anew when the first rows of a kind have not the keys they should.

    That is so for a kind that a new version brings, and where a version makes other keys of the same words.
    """
    outdated = any(_outdated(kind) for kind in all_search_kinds().values())
    if outdated:
        refresh_every_key()
    return outdated


def _outdated(kind: SearchKind) -> bool:
    refs = list(islice(kind.every(), LOOKED_AT))
    there: dict[int, set[str]] = defaultdict(set)
    for ref, token in SearchKey.objects.filter(kind=kind.code, ref__in=refs).values_list("ref", "token"):
        there[ref].add(token)
    return any(set(clean(keys)) != there[ref] for ref, keys in kind.build(refs).items())


def _take_turns(kind: str, refs: Sequence[int]) -> None:
    """Locks until the transaction ends: one of 64 for each row, in order, so that none waits in a ring."""
    names = [
        f"curbstop search {current_utility_id()} {kind} {n}" for n in sorted({ref % LOCKS for ref in refs})
    ]
    with connection.cursor() as cursor:
        for name in names:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def _write(kind: str, refs: list[int], wanted_refs: list[int], wanted_tokens: list[str]) -> None:
    pairs = [array_literal(wanted_refs), array_literal(wanted_tokens)]
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM core_searchkey k WHERE k.kind = %s AND k.ref = ANY (%s::bigint[]) AND NOT EXISTS ("
            " SELECT FROM unnest(%s::bigint[], %s::text[]) w(ref, token)"
            " WHERE w.ref = k.ref AND w.token = k.token)",
            [kind, array_literal(refs), *pairs],
        )
        cursor.execute(
            "INSERT INTO core_searchkey (kind, ref, token)"
            " SELECT %s, w.ref, w.token FROM unnest(%s::bigint[], %s::text[]) w(ref, token)"
            " WHERE NOT EXISTS (SELECT FROM core_searchkey k"
            " WHERE k.kind = %s AND k.ref = w.ref AND k.token = w.token)",
            [kind, *pairs, kind],
        )
