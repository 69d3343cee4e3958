"""What must always hold of the shared ground."""

from collections.abc import Iterator

from django.db import connection, transaction

from core.anchors import advance, anchor_path, drifted
from core.audit import broken_links
from core.prove import Asked, Invariant, Offence
from core.sealed import Sealed, all_sealed, tail
from core.search.checking import wrong_keys
from core.secrets import KeyMissing, SealBroken, index_candidates
from core.tenancy.global_tables import GLOBAL_TABLES
from core.vault.sweeping import unsound_files


def _chain(asked: Asked) -> Iterator[Offence]:
    yield from ((0, words) for words in broken_links())
    if asked.anchors is not None:
        yield from drifted(anchor_path(asked.anchors, asked.utility.slug))


def _anchor(asked: Asked) -> None:
    if asked.anchors is not None:
        with transaction.atomic():
            advance(anchor_path(asked.anchors, asked.utility.slug))


def _sealed(asked: Asked) -> Iterator[Offence]:
    for sealed in all_sealed():
        columns = [c for c in (sealed.field, sealed.index, sealed.last4) if c]
        for row in sealed.model._default_manager.only("id", "uuid", *columns).iterator(2000):
            problem = _seal_problem(sealed, row)
            if problem:
                yield row.pk, f"{sealed.table} {row.pk}: {problem}"


def _seal_problem(sealed: Sealed, row: object) -> str:
    index = getattr(row, sealed.index) if sealed.index else None
    last4 = getattr(row, sealed.last4) if sealed.last4 else ""
    if getattr(row, sealed.field) is None:
        return f"{sealed.field} is empty, what tells of it is not." if index or last4 else ""
    try:
        plain = sealed.take(row)
    except (SealBroken, KeyMissing) as problem:
        return str(problem)
    if index is not None and bytes(index) not in index_candidates(plain, sealed.column):
        return f"{sealed.index} is not that of {sealed.field}."
    return f"{sealed.last4} is not that of {sealed.field}." if last4 and last4 != tail(plain) else ""


def _files(asked: Asked) -> Iterator[Offence]:
    yield from unsound_files(deep=asked.deep)


_UNGUARDED = """
WITH t AS (
    SELECT c.oid, c.relname, c.relrowsecurity AND c.relforcerowsecurity AS forced FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> ALL (%s)
), tenant AS (
    SELECT a.attrelid, a.attnum FROM pg_attribute a WHERE a.attname = 'tenant_id' AND NOT a.attisdropped
)
SELECT oid::bigint, relname || ' has no row security in force.' FROM t WHERE NOT forced
UNION ALL
SELECT oid::bigint, relname || ' has not exactly the one policy of its utility.' FROM t
WHERE (SELECT count(*) FILTER (WHERE polcmd = '*' AND polpermissive
         AND pg_get_expr(polqual, polrelid) ~ 'core\\.current_utility\\(\\)'
         AND pg_get_expr(polwithcheck, polrelid) ~ 'core\\.current_utility\\(\\)') = 1 AND count(*) = 1
       FROM pg_policy WHERE polrelid = t.oid) IS NOT TRUE
UNION ALL
SELECT t.oid::bigint, relname || ' has a key that does not begin with its utility.' FROM t
WHERE NOT EXISTS (SELECT FROM pg_index i JOIN tenant ON attrelid = t.oid AND attnum = i.indkey[0]
                  WHERE i.indrelid = t.oid AND i.indisprimary)
UNION ALL
SELECT f.oid::bigint, t.relname || ': the reference ' || f.conname || ' may lead into another utility.'
FROM pg_constraint f JOIN t ON t.oid = f.conrelid JOIN t there ON there.oid = f.confrelid
WHERE f.contype = 'f' AND NOT EXISTS (SELECT FROM tenant WHERE attrelid = t.oid AND attnum = ANY (f.conkey))
"""


def _catalogue(asked: Asked) -> list[Offence]:
    with connection.cursor() as cursor:
        cursor.execute(_UNGUARDED, [list(GLOBAL_TABLES)])
        return [(oid, words) for oid, words in cursor.fetchall()]


_WORK = """
SELECT j.id, 'Job ' || j.id || ' (' || j.title || ') is ' || j.state || ', and nothing will wake it.'
FROM core_job j WHERE j.state IN ('ready', 'running') AND NOT EXISTS (
    SELECT FROM core_due d WHERE d.tenant_id = j.tenant_id AND d.kind = 'job' AND d.ref = j.id)
UNION ALL
SELECT j.id, 'Job ' || j.id || ' (' || j.title || ') is done, part ' || c.number || ' is ' || c.state || '.'
FROM core_job j JOIN core_jobchunk c ON c.tenant_id = j.tenant_id AND c.job_id = j.id
WHERE j.state = 'done' AND c.state <> 'done'
UNION ALL
SELECT c.id, 'Part ' || c.number || ' of job ' || c.job_id || ' is running without a lease.'
FROM core_jobchunk c WHERE c.state = 'running' AND (c.lease_until IS NULL OR c.owner = '')
UNION ALL
SELECT o.id, 'Event ' || o.id || ' (' || o.name || ') waits, and nothing will wake it.'
FROM core_outboxevent o WHERE o.state = 'waiting' AND NOT EXISTS (
    SELECT FROM core_due d WHERE d.tenant_id = o.tenant_id AND d.kind = 'outbox' AND d.ref = o.id)
UNION ALL
SELECT m.id, 'Mail ' || m.id || ' waits, and nothing will wake it.' FROM core_mail m
WHERE m.state = 'waiting' AND NOT EXISTS (
    SELECT FROM core_due d WHERE d.tenant_id = m.tenant_id AND d.kind = 'mail' AND d.ref = m.id)
UNION ALL
SELECT s.id, 'Schedule ' || s.id || ' (' || s.name || ') has a next time, and nothing will wake it.'
FROM core_schedule s WHERE NOT s.paused AND s.next_due IS NOT NULL AND NOT EXISTS (
    SELECT FROM core_due d WHERE d.tenant_id = s.tenant_id AND d.kind = 'schedule' AND d.ref = s.id)
"""

INVARIANTS = (
    Invariant("U1", "the audit chain is whole and follows its anchor", _chain, afterwards=_anchor),
    Invariant(
        "Y1", "identifiers are there only sealed, with the index and last four of what they say", _sealed
    ),
    Invariant("K1", "search keys equal what the rows say", wrong_keys),
    Invariant("F1", "every file kept is in the vault, as it was kept", _files),
    Invariant("T1", "every table keeps utilities apart", _catalogue),
    Invariant("J1", "what was started is finished, failed or will be woken", _WORK),
)
