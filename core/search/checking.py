"""Whether the keys are what the rows say."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from django.db import connection

from core.bulk import array_literal
from core.prove import Asked, Offence
from core.search.kinds import SearchKind, all_search_kinds
from core.search.tokens import clean

REFS_AT_ONCE = 2000


def wrong_keys(asked: Asked) -> Iterator[Offence]:
    """Rows whose keys are missing or stale, and keys that lead nowhere; for ``manage.py prove``."""
    kinds = all_search_kinds()
    for kind in kinds.values():
        every = list(kind.every())
        for start in range(0, len(every), REFS_AT_ONCE):
            yield from compared(kind, every[start : start + REFS_AT_ONCE])
        for ref in sorted(_refs_with_keys(kind.code) - set(every)):
            yield ref, f"Search keys of {kind.code} {ref} lead to nothing."
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT kind FROM core_searchkey WHERE kind <> ALL (%s)", [list(kinds)])
        for (code,) in cursor.fetchall():
            yield code, f"Search keys are of a kind “{code}” that nothing declares."


def compared(kind: SearchKind, refs: Sequence[int]) -> Iterator[Offence]:
    """Those of these rows whose keys are not what the rows say."""
    written: dict[int, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT ref, token FROM core_searchkey WHERE kind = %s AND ref = ANY (%s::bigint[])",
            [kind.code, array_literal(refs)],
        )
        for ref, token in cursor.fetchall():
            written[ref].add(token)
    said = kind.build(refs)
    for ref in refs:
        keys = set(clean(said.get(ref, ())))
        if keys != written[ref]:
            missing, stale = " ".join(sorted(keys - written[ref])), " ".join(sorted(written[ref] - keys))
            yield ref, f"{kind.label} {ref}: keys missing [{missing}], stale [{stale}]."


def _refs_with_keys(code: str) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT ref FROM core_searchkey WHERE kind = %s", [code])
        return {ref for (ref,) in cursor.fetchall()}
