"""Trial balance: what every account of the chart holds at the end of a day; both sides are equal."""

from collections.abc import Iterator

from django.db.models import Sum
from django.db.models.functions import Coalesce

from core.money import ZERO
from ledger.models import ChartAccount, Posting
from reports.kit import Cells, Column, Report
from reports.parameters import Parameter, Parameters


def _rows(parameters: Parameters) -> Iterator[Cells]:
    """Accounts with any posting to that day, by code; a balance of 0.00 shows on the side that grows it."""
    sums = (
        Posting.objects.filter(journal__on__lte=parameters.day("through"))
        .values("chart_account_id")
        .annotate(held=Coalesce(Sum("debit"), ZERO) - Coalesce(Sum("credit"), ZERO))
    )
    held = {row["chart_account_id"]: row["held"] for row in sums}
    for account in ChartAccount.objects.filter(id__in=list(held)).order_by("code"):
        balance = held[account.id]
        grows_by_debit = account.kind in (ChartAccount.Kind.ASSET, ChartAccount.Kind.EXPENSE)
        on_debit = balance > 0 or (balance == 0 and grows_by_debit)
        kind = ChartAccount.Kind(account.kind).label
        yield (
            account.code,
            account.name,
            str(kind),
            balance if on_debit else None,
            None if on_debit else -balance,
        )


REPORT = Report(
    code="trial-balance",
    title="Trial balance",
    group="Ledger",
    permission="ledger.view",
    about="What every account of the chart holds at the end of a day.",
    parameters=(Parameter("through", "Through", "date", default=lambda today: today),),
    columns=(
        Column("code", "Code", width=10),
        Column("name", "Account", width=44),
        Column("kind", "Kind", width=12),
        Column("debit", "Debit", "amount", total=True, width=18),
        Column("credit", "Credit", "amount", total=True, width=18),
    ),
    rows=_rows,
)
