"""What is unpaid on accounts, bill by bill, for whoever asks what somebody owes from before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum

from core.money import ZERO
from customers.earlier import Unpaid
from ledger.models import OpenItem
from ledger.queries import why_words
from ledger.write_off_models import WriteOffLine
from ledger.write_offs import recovered


def unpaid_bills(account_ids: Sequence[int]) -> Mapping[int, Sequence[Unpaid]]:
    """The open items of these accounts, put together by the journal that charged them, then what of them was
    written off and is not recovered."""
    rows = (
        OpenItem.objects.filter(account__in=account_ids, open__gt=0)
        .values("account_id", "charge__journal_id", "charge__journal__on", "charge__journal__why")
        .annotate(owed=Sum("open"))
        .order_by("charge__journal__on", "charge__journal_id")
    )
    found: dict[int, list[Unpaid]] = defaultdict(list)
    for row in rows:
        words = why_words(row["charge__journal__why"])
        found[row["account_id"]].append(Unpaid(row["owed"], row["charge__journal__on"], words))
    for bill in _written_off(account_ids):
        found[bill[0]].append(bill[1])
    return found


def _written_off(account_ids: Sequence[int]) -> list[tuple[int, Unpaid]]:
    """What was given up of their bills and did not come in since, bill by bill; two queries."""
    lines = list(
        WriteOffLine.objects.filter(write_off__account__in=account_ids, write_off__state="posted")
        .values_list("id", "amount", "write_off__account_id", "write_off__posted_on")
        .annotate(
            journal=F("charge__journal_id"), made=F("charge__journal__on"), why=F("charge__journal__why")
        )
        .order_by("charge__journal__on", "charge__journal_id", "id")
    )
    came = recovered([line[0] for line in lines]) if lines else {}
    owed: dict[tuple[Any, ...], Decimal] = defaultdict(lambda: ZERO)
    for line_id, amount, *bill in lines:
        owed[tuple(bill)] += amount - came.get(line_id, ZERO)
    return [
        (account_id, Unpaid(left, made, why_words(why), written_off=posted_on))
        for (account_id, posted_on, _, made, why), left in owed.items()
        if left
    ]


OWING = (unpaid_bills,)
