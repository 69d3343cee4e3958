"""Which accounts a report is about: one, a range, a route or all of a customer."""

from reports.listings.asking import ROUTE
from reports.parameters import Parameter, Parameters

CHOOSING = (
    Parameter("account", "Account", help="One, or the first of a range."),
    Parameter("to", "To account", help="The last of a range."),
    ROUTE,
    Parameter("customer", "Customer", "whole", help="The number of a customer: all of their accounts."),
)
ONE_OF = ("account", "route", "customer")

# Accounts by number, as text of any length: shorter numbers stand before longer ones.
CHOSEN = """
chosen AS (
    SELECT a.id, a.number, c.name, r.code AS route, l.sequence,
           concat_ws(' ', l.street_number, l.street_name, nullif(l.unit_label, '')) AS address
      FROM customers_account a
      JOIN customers_customer c ON c.id = a.customer_id
      JOIN meters_location l ON l.id = a.location_id
      JOIN meters_route r ON r.id = l.route_id
     WHERE (%(customer)s::bigint IS NULL OR a.customer_id = %(customer)s)
       AND (%(route)s = '' OR r.code = %(route)s)
       AND (%(account)s = '' OR %(to)s = '' AND a.number = %(account)s
            OR %(to)s <> '' AND (length(a.number), a.number) >= (length(%(account)s), %(account)s)
               AND (length(a.number), a.number) <= (length(%(to)s), %(to)s))
)
"""


def chosen(parameters: Parameters) -> dict[str, object]:
    """What the SQL above is given."""
    texts = {name: parameters.text(name) for name in ("account", "to", "route")}
    return {**texts, "customer": parameters.whole("customer")}
