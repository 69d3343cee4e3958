"""What is unpaid on accounts, bill by bill, for whoever asks what somebody owes from before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from django.db.models import Sum

from customers.earlier import Unpaid
from ledger.models import OpenItem
from ledger.queries import why_words


def unpaid_bills(account_ids: Sequence[int]) -> Mapping[int, Sequence[Unpaid]]:
    """The open items of these accounts, put together by the journal that charged them; one query."""
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
    return found


OWING = (unpaid_bills,)
