"""The content hash of each journal, made again from what is there."""

from collections.abc import Iterable, Iterator

from django.db import connection
from django.db.models import Q

from core.prove import Asked, Offence
from ledger.drafts import JournalDraft, Leg
from ledger.models import Journal

LATEST = 5_000
"""So many of the newest journals are looked at, all of them in a deep proof."""

AT_ONCE = 2_000

PURGED = Q(purge__isnull=False) & ~Q(why="brought forward")
"""Their lines are in the archive of the purge, which keeps its own sum."""


def broken_seals(asked: Asked) -> Iterable[Offence]:
    """Journals whose lines, day, reason or reversal are not what was sealed when they were posted."""
    newest = list(Journal.objects.order_by("-id").values_list("id", flat=True)[:LATEST])
    first = 0 if asked.deep or not newest else newest[-1]
    for journal_id, key, seal, draft in _drafts(first):
        if draft.content_hash() != seal:
            yield journal_id, f"{key} is not what was posted"


def _drafts(first: int) -> Iterator[tuple[int, str, str, JournalDraft]]:
    """Journals from an id on, with their seals, as the drafts they were; a few thousand at a time."""
    last = first - 1
    while True:
        rows = (
            Journal.objects.exclude(PURGED)
            .filter(id__gt=last)
            .order_by("id")
            .values_list("id", "key", "on", "why", "reverses_id", "content_hash")[:AT_ONCE]
        )
        found = list(rows)
        if not found:
            return
        legs = _legs(found[0][0], found[-1][0])
        for journal_id, key, on, why, reverses, seal in found:
            yield journal_id, key, seal, JournalDraft(key, on, why, tuple(legs.get(journal_id, ())), reverses)
        last = found[-1][0]


def _legs(first: int, last: int) -> dict[int, list[Leg]]:
    legs: dict[int, list[Leg]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT journal_id, chart_account_id, debit, credit, account_id FROM ledger_posting"
            " WHERE journal_id BETWEEN %s AND %s ORDER BY journal_id, n",
            [first, last],
        )
        for journal_id, chart_account, debit, credit, account in cursor.fetchall():
            legs.setdefault(journal_id, []).append(Leg(chart_account, debit, credit, account))
    return legs
