"""What the ledger knows when a rate table is checked: its revenue codes."""

from dataclasses import replace

from ledger.models import RevenueCode
from rates.lint import Context
from rates.models import RateTable


def with_revenue_codes(table: RateTable, context: Context) -> Context:
    """The codes to which charges may go."""
    return replace(context, revenue_codes=frozenset(RevenueCode.objects.values_list("code", flat=True)))


KNOWN_TO_RATES = (with_revenue_codes,)
