"""The one door to the ledger."""

from collections.abc import Collection, Sequence
from datetime import date

from core import failpoints
from core.bulk import Same, insert_columns, take_ids
from core.errors import Conflict, Refused
from core.operations import under_way
from ledger.drafts import JournalDraft, Leg
from ledger.models import FiscalPeriod, Journal, Posting


def post_all(drafts: Sequence[JournalDraft]) -> list[int]:
    """Post balanced journals in two statements; returns their ids in the order of the drafts.

    A key posted before with the same content gives the earlier id and posts nothing again; with
    another content ``Conflict`` is raised.  Raises ``Refused`` for a draft that does not balance.
    Must run inside an operation: the journal carries its id, so that audit and money meet.
    """
    for draft in drafts:
        if problem := draft.problem():
            raise Refused(f"Journal {draft.key} cannot be posted: {problem}.", code="unbalanced")
    _in_open_periods({draft.on for draft in drafts})
    hashes = [draft.content_hash() for draft in drafts]
    known = _already_posted(drafts, hashes)
    fresh = [(d, h) for d, h in zip(drafts, hashes, strict=True) if d.key not in known]
    if len({draft.key for draft, _ in fresh}) != len(fresh):
        raise Conflict("Two journals in one posting have the same key.", "Name each source event once.")
    ids = take_ids(Journal, len(fresh))
    _insert(ids, fresh)
    made = {draft.key: journal_id for (draft, _), journal_id in zip(fresh, ids, strict=True)}
    return [known.get(d.key) or made[d.key] for d in drafts]


def post(draft: JournalDraft) -> int:
    """``post_all`` of one."""
    return post_all([draft])[0]


def reverse(journal_id: int, *, on: date, why: str) -> int:
    """``reverse_all`` of one."""
    return reverse_all([journal_id], on=on, why=why)[journal_id]


def reverse_all(journal_ids: Collection[int], *, on: date, why: str) -> dict[int, int]:
    """Undo journals by their mirrors, linked both ways; returns each mirror by the journal it undoes.

    A journal is reversed at most once, and ``on`` may neither be earlier than it nor lie in a closed
    period (the database refuses).  Only the ledger's lines are mirrored: ``ledger.undoing`` also takes
    back what hangs on them.
    """
    wanted = sorted(set(journal_ids))
    journals = list(Journal.objects.filter(id__in=wanted).order_by("id"))
    again = Journal.objects.filter(reverses__in=wanted).select_related("reverses").first()
    if again is not None and again.reverses is not None:
        raise Conflict(f"Journal {again.reverses.key} was reversed before.", f"See journal {again.id}.")
    for journal in journals:
        if on < journal.on:
            raise Refused(
                f"{on:%b %-d, %Y} is earlier than what is taken back, of {journal.on:%b %-d, %Y}.",
                "Date it on that day or later.",
                field="on",
            )
    legs: dict[int, list[Leg]] = {journal.id: [] for journal in journals}
    lines = Posting.objects.filter(journal__in=wanted).order_by("journal_id", "n")
    for line in lines:
        mirrored = Leg(line.chart_account_id, line.credit, line.debit, line.account_id)
        legs[line.journal_id].append(mirrored)
    drafts = [JournalDraft(f"reverse:{j.key}", on, why, tuple(legs[j.id]), reverses=j.id) for j in journals]
    return dict(zip((j.id for j in journals), post_all(drafts), strict=True))


def _in_open_periods(days: Collection[date]) -> None:
    """A sentence for people; what is closed between this and the insert the database refuses."""
    for period in FiscalPeriod.objects.filter(closed_at__isnull=False, ends__gt=min(days, default=date.max)):
        shut = [day for day in sorted(days) if period.starts <= day < period.ends]
        if shut:
            raise Refused(
                f"{shut[0]:%b %-d, %Y} lies in a closed period ({period.starts} to {period.ends}).",
                "Date it in an open period.",
                field="on",
                code="closed_period",
            )


def _already_posted(drafts: Sequence[JournalDraft], hashes: Sequence[str]) -> dict[str, int]:
    wanted = {draft.key: digest for draft, digest in zip(drafts, hashes, strict=True)}
    known = {}
    for key, digest, journal_id in Journal.objects.filter(key__in=list(wanted)).values_list(
        "key", "content_hash", "id"
    ):
        if digest != wanted[key]:
            raise Conflict(
                f"{key} is in the ledger with another content.",
                "Nothing was posted. Reverse the earlier one first.",
            )
        known[key] = journal_id
    return known


def _insert(ids: Sequence[int], fresh: Sequence[tuple[JournalDraft, str]]) -> None:
    under = under_way()
    insert_columns(
        Journal,
        {
            "id": ids,
            "key": [d.key for d, _ in fresh],
            "on": [d.on for d, _ in fresh],
            "why": [d.why for d, _ in fresh],
            "lines": [len(d.legs) for d, _ in fresh],
            "total": [d.total for d, _ in fresh],
            "content_hash": [h for _, h in fresh],
            "operation_id": Same(str(under.id)),
            "reverses_id": [d.reverses for d, _ in fresh],
            "posted_at": Same(under.at),
        },
    )
    failpoints.reached("ledger.between")
    legs = [
        (i, n, leg) for i, (d, _) in zip(ids, fresh, strict=True) for n, leg in enumerate(d.legs, start=1)
    ]
    insert_columns(
        Posting,
        {
            "journal_id": [i for i, _, _ in legs],
            "n": [n for _, n, _ in legs],
            "chart_account_id": [leg.chart_account_id for _, _, leg in legs],
            "account_id": [leg.account_id for _, _, leg in legs],
            "debit": [leg.debit for _, _, leg in legs],
            "credit": [leg.credit for _, _, leg in legs],
        },
    )
