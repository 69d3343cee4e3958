"""Transaction register: every posting of a stretch of days, in the order it was made."""

from collections.abc import Iterator

from ledger.models import Posting
from ledger.queries import why_words
from reports.kit import Cells, Column, Report
from reports.parameters import Parameter, Parameters, Problem


def _rows(parameters: Parameters) -> Iterator[Cells]:
    """Postings by day and journal, both days counting."""
    postings = Posting.objects.filter(
        journal__on__gte=parameters.day("since"), journal__on__lte=parameters.day("through")
    ).select_related("journal", "chart_account", "account")
    wanted = parameters.text("account")
    if wanted:
        postings = postings.filter(account__number=wanted)
    for posting in postings.order_by("journal__on", "journal_id", "n").iterator(chunk_size=5000):
        yield (
            posting.journal.on,
            posting.journal.key,
            why_words(posting.journal.why, posting.journal.reverses_id),
            posting.account.number if posting.account else "",
            str(posting.chart_account),
            posting.debit or None,
            posting.credit or None,
        )


def _check(parameters: Parameters) -> Iterator[Problem]:
    if parameters.day("through") < parameters.day("since"):
        problem = "The last day is before the first."
        yield Problem("through", "Through", problem, "Choose a last day that is not earlier.")


REPORT = Report(
    code="transaction-register",
    title="Transaction register",
    group="Ledger",
    permission="ledger.view",
    about="Every posting of a stretch of days, in the order it was made.",
    parameters=(
        Parameter("since", "From", "date", default=lambda today: today),
        Parameter("through", "Through", "date", default=lambda today: today),
        Parameter("account", "Account", help="An account number; leave it empty for all."),
    ),
    columns=(
        Column("on", "Day", "date", width=13),
        Column("key", "Journal", width=22),
        Column("why", "Why", width=18),
        Column("account", "Account", width=12),
        Column("chart", "Ledger account", width=30),
        Column("debit", "Debit", "amount", total=True, width=14),
        Column("credit", "Credit", "amount", total=True, width=14),
    ),
    rows=_rows,
    subtotals=("on",),
    check=_check,
)
