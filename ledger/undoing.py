"""Taking back what a journal brought: its mirror, and everything that hangs on its charges and credits.

The same for a payment, a bill, a fee and an adjustment:

* what the journal itself laid on charges is owed again, by the mirror;
* what other journals laid on its charges, or laid of its credits, is taken off by a journal of its own:
  Dr receivable, Cr customer credit.  The other credit is left over again, the other charge open again;
* what the journal laid and somebody took off before is a liability since then; it is laid back, Dr customer
  credit, Cr receivable, as otherwise the mirror would owe it a second time;
* its own charges and credits come to nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from core.bulk import Same, array_literal, insert_columns
from core.errors import Conflict
from core.money import ZERO, total
from ledger.chart import read_chart
from ledger.drafts import JournalDraft, Leg
from ledger.models import Application, Charge, Credit, Journal
from ledger.posting import post_all, reverse_all
from ledger.receivables import lock_accounts


class _Laid(NamedTuple):
    """An application, or the taking back of one (``undoes``)."""

    id: int
    journal_id: int
    charge_id: int
    credit_id: int
    amount: Decimal
    undoes: int | None
    account_id: int


def undo(journal_ids: Collection[int], *, on: date, why: str, what: str = "This journal") -> dict[int, int]:
    """Take journals back with all that hangs on them; returns each mirror by the journal it undoes.

    In a fixed number of statements, so also for many at once.  ``why`` is the mirrors' reason, ``what``
    begins the refusal.  Raises ``Conflict`` when one was taken back before, ``Refused`` for a day earlier
    than the journal or in a closed period.
    """
    journals = sorted(set(journal_ids))
    charges = _of(Charge, journals)
    credits = _of(Credit, journals)
    lock_accounts(account for account, _ in (*charges.values(), *credits.values()))
    gone = Journal.objects.filter(id__in=journals, purge__isnull=False).select_related("purge").first()
    if gone is not None and gone.purge is not None:
        raise Conflict(
            f"{what} was purged with the history before {gone.purge.before:%b %-d, %Y}.",
            "Its archive has the rows. Charge or credit the account by an adjustment instead.",
        )
    if Journal.objects.filter(reverses__in=journals).exists():
        raise Conflict(f"{what} was taken back before.", "Look at the account’s transactions.")
    laid = _laid(charges, credits)
    undone = {row.undoes for row in laid if row.undoes}
    given = [row for row in laid if not row.undoes]
    standing = [row for row in given if row.id not in undone]
    own = set(journals)
    foreign = [row for row in standing if row.journal_id not in own]
    _nothing_written_off(foreign)
    _lay_back([row for row in given if row.journal_id in own and row.id in undone], on)
    taken_off = _take_off(foreign, on)
    mirrors = reverse_all(journals, on=on, why=why)
    by = {row.id: taken_off[row.credit_id] for row in foreign}
    by |= {row.id: mirrors[row.journal_id] for row in standing if row.journal_id in own}
    _record(standing, by, on)
    _raise(
        "ledger_openitem",
        "charge_id",
        ((r.charge_id, r.amount) for r in standing if r.charge_id not in charges),
    )
    _raise(
        "ledger_creditleft",
        "credit_id",
        ((r.credit_id, r.amount) for r in foreign if r.credit_id not in credits),
    )
    _close("ledger_openitem", "charge_id", charges)
    _close("ledger_creditleft", "credit_id", credits)
    return mirrors


def _nothing_written_off(foreign: Sequence[_Laid]) -> None:
    """What was given up is no money of the customer's that could be left over."""
    if foreign and Journal.objects.filter(id__in={r.journal_id for r in foreign}, why="write-off").exists():
        raise Conflict("Something of it was written off.", "Take the write-off back first.")


def _of(model: type[Charge] | type[Credit], journals: Sequence[int]) -> dict[int, tuple[int, int]]:
    rows = model._default_manager.filter(journal__in=journals).values_list("id", "account_id", "journal_id")
    return {row_id: (account_id, journal_id) for row_id, account_id, journal_id in rows}


def _laid(charges: Collection[int], credits: Collection[int]) -> list[_Laid]:
    """All that was ever laid on the charges or of the credits, by two indexes."""
    found: dict[int, _Laid] = {}
    for place, ids in (("charge__in", charges), ("credit__in", credits)):
        if ids:
            rows = Application.objects.filter(**{place: list(ids)}).values_list(
                "id", "journal_id", "charge_id", "credit_id", "amount", "undoes_id", "credit__account_id"
            )
            found |= {row[0]: _Laid(*row) for row in rows}
    return [found[row_id] for row_id in sorted(found)]


def _take_off(rows: Sequence[_Laid], on: date) -> dict[int, int]:
    """One journal a credit taken off, by the credit: Dr receivable, Cr customer credit."""
    groups: dict[int, list[_Laid]] = defaultdict(list)
    for row in rows:
        groups[row.credit_id].append(row)
    drafts = _shifts("taken off", groups.values(), ("receivable", "customer_credit"), on)
    return dict(zip(groups, post_all(drafts), strict=True))


def _lay_back(rows: Sequence[_Laid], on: date) -> None:
    """Dr customer credit, Cr receivable for what a journal laid and somebody took off since."""
    groups: dict[int, list[_Laid]] = defaultdict(list)
    for row in rows:
        groups[row.credit_id].append(row)
    post_all(_shifts("laid back", groups.values(), ("customer_credit", "receivable"), on))


def _shifts(
    why: str, groups: Iterable[Sequence[_Laid]], roles: tuple[str, str], on: date
) -> list[JournalDraft]:
    """A journal a group; its key names the first application, which is taken off or laid back only once."""
    chart = read_chart()
    debit, credit = (chart.role(role) for role in roles)
    drafts = []
    for group in groups:
        amount, account = total(row.amount for row in group), group[0].account_id
        legs = (Leg(debit, debit=amount, account_id=account), Leg(credit, credit=amount, account_id=account))
        drafts.append(JournalDraft(f"{why}:application {group[0].id}", on, why, legs))
    return drafts


def _record(rows: Sequence[_Laid], journals: Mapping[int, int], on: date) -> None:
    if rows:
        insert_columns(
            Application,
            {
                "journal_id": [journals[row.id] for row in rows],
                "charge_id": [row.charge_id for row in rows],
                "credit_id": [row.credit_id for row in rows],
                "amount": [-row.amount for row in rows],
                "on": Same(on),
                "undoes_id": [row.id for row in rows],
            },
        )


def _raise(table: str, column: str, parts: Iterable[tuple[int, Decimal]]) -> None:
    back: dict[int, Decimal] = defaultdict(lambda: ZERO)
    for row_id, amount in parts:
        back[row_id] += amount
    if back:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} t SET open = t.open + v.x FROM unnest(%s::bigint[], %s::numeric[]) v(id, x)"
                f" WHERE t.{column} = v.id",
                [array_literal(list(back)), array_literal(list(back.values()))],
            )


def _close(table: str, column: str, ids: Collection[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {table} SET open = 0 WHERE {column} = ANY (%s::bigint[]) AND open <> 0",
                [array_literal(list(ids))],
            )
