"""What is in history, what only completed, the moves that were made, and what was purged."""

from collections.abc import Sequence

from django.db import connection
from django.db.models import BigIntegerField, OuterRef, QuerySet, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from core.models import Job
from customers.models import Account
from ledger.history_models import HistoryMove
from ledger.models import Journal
from ledger.purge_jobs import KIND
from ledger.purge_models import Purge

PLACES = (("current", "Open or completed, not in history"), ("history", "In history"))
"""Where a transaction is found: among the current ones or in history."""

_PLACES = """
SELECT journal_id, bool_or(open), bool_and(moved) FROM (
    SELECT c.journal_id, i.open > 0 AS open, i.to_history IS NOT NULL AS moved
    FROM ledger_charge c JOIN ledger_openitem i ON i.tenant_id = c.tenant_id AND i.charge_id = c.id
    WHERE c.account_id = %(account)s
    UNION ALL
    SELECT k.journal_id, l.open > 0, l.to_history IS NOT NULL
    FROM ledger_credit k JOIN ledger_creditleft l ON l.tenant_id = k.tenant_id AND l.credit_id = k.id
    WHERE k.account_id = %(account)s
    UNION ALL
    SELECT a.journal_id, i.open > 0, i.to_history IS NOT NULL
    FROM ledger_charge c JOIN ledger_openitem i ON i.tenant_id = c.tenant_id AND i.charge_id = c.id
    JOIN ledger_application a ON a.tenant_id = c.tenant_id AND a.charge_id = c.id
    WHERE c.account_id = %(account)s
) p GROUP BY journal_id
"""


def places_of(account: Account) -> dict[int, str]:
    """Where the account's journals are: ``open``, ``completed`` or ``in_history``; one query.

    A journal that neither charged, credited nor laid anything is in no place.
    """
    with connection.cursor() as cursor:
        cursor.execute(_PLACES, {"account": account.id})
        return {
            journal: "open" if still_open else "in_history" if moved else "completed"
            for journal, still_open, moved in cursor.fetchall()
        }


def place_of(places: dict[int, str], journals: Sequence[int | None]) -> str:
    """The place of the first of these journals that has one."""
    return next((places[j] for j in journals if j in places), "")


def moves() -> QuerySet[HistoryMove]:
    """Moves to history, the newest first."""
    return HistoryMove.objects.select_related("job").order_by("-id")


STAYS = {
    "open": "Something of them is open, left over or held, or an adjustment waits",
    "later": "They are tied to something of a later day",
    "period": "Their period is not closed",
    "current": "They are settled, but not in history yet",
    "held": "A write-off, a deposit or another record refers to them",
    "uneven": "They do not come to nothing for each customer",
}
"""Why groups stay, in the order in which it is asked."""


def purges() -> QuerySet[Purge]:
    """Purges, the newest first."""
    return Purge.objects.select_related("archive").order_by("-id")


def purges_with_jobs() -> QuerySet[Purge]:
    """As ``purges``, each with ``job_id``: of the job that did it, does it or could not, if any was to."""
    own = Job.objects.filter(kind=KIND).alias(of=Cast(KT("params__purge"), BigIntegerField()))
    last = own.filter(of=OuterRef("pk")).order_by("-id").values("id")[:1]
    return purges().annotate(job_id=Subquery(last))


def purges_of(journals: Sequence[int]) -> list[Purge]:
    """The purges that removed the lines of any of these journals."""
    gone = Journal.objects.filter(id__in=journals, purge__isnull=False).exclude(why="brought forward")
    return list(Purge.objects.filter(id__in=gone.values("purge")).order_by("id"))
