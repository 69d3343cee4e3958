"""What a posted run left out is billed by the next one, for all its days."""

from django.db import connection

from billing.assembly import AccountFacts
from billing.assembly.periods import days_to_bill
from billing.models import PreparedBill, Run
from billing.preparing import terms_of
from billing.review.measures import services_due
from core.bulk import array_literal

# A flat service that was never billed would begin with the next run's period: it counts as billed up to the
# day from which this run would have billed it, like one that came from another system.
_BEGIN = """
UPDATE customers_service s SET billed_to = v.first, came_billed_to = v.first
FROM unnest(%s::bigint[], %s::date[]) v(id, first)
WHERE s.id = v.id AND s.billed_to IS NULL AND s.starts <= v.first
"""


def keep_their_days(run: Run) -> None:
    """Flat services of held bills that were never billed begin where this run would have begun them."""
    terms = terms_of(run)
    rows = PreparedBill.objects.filter(run=run, state="held").order_by("account_id")
    begun = [
        (s.service_id, days_to_bill(terms, s.starts, s.ends, None, (), s.billed_in)[0])
        for facts in rows.values_list("facts", flat=True)
        for s in services_due(terms, AccountFacts.from_json(facts))
        if not s.metered and s.billed_to is None
    ]
    if begun:
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN, [array_literal(column) for column in zip(*begun, strict=True)])
