"""Deposits held: what was held of each account's deposits at the end of a day, by service or by giver."""

from collections.abc import Iterator
from dataclasses import replace

from ledger.deposit_models import Deposit, DepositService
from reports.kit import Cells, Column, Recap, Report
from reports.listings.streaming import streamed
from reports.parameters import Parameter, Parameters

# What was held on a day is the deposit less its movements to that day: a past day comes out as it did then.
_HELD = """
WITH moved AS (
    SELECT deposit_id, sum(amount) AS gone,
           sum(amount) FILTER (WHERE kind = 'applied') AS applied,
           sum(amount) FILTER (WHERE kind = 'refunded') AS refunded,
           sum(amount) FILTER (WHERE kind = 'taken_back') AS taken_back
      FROM ledger_depositmovement WHERE "on" <= %(day)s GROUP BY deposit_id
)
SELECT d.for_service, d.payer, a.number, c.name,
       concat_ws(' ', l.street_number, l.street_name, nullif(l.unit_label, '')),
       coalesce(o.name, ''), d."on", d.reference, d.amount, coalesce(m.applied, 0.00),
       coalesce(m.refunded, 0.00), coalesce(m.taken_back, 0.00), d.amount - coalesce(m.gone, 0.00)
  FROM ledger_deposit d
  JOIN customers_account a ON a.id = d.account_id
  JOIN customers_customer c ON c.id = a.customer_id
  JOIN meters_location l ON l.id = a.location_id
  LEFT JOIN customers_landlord o ON o.id = d.landlord_id
  LEFT JOIN moved m ON m.deposit_id = d.id
 WHERE d."on" <= %(day)s
   AND (%(which)s = 'all' OR d.amount <> coalesce(m.gone, 0))
   AND (%(for_service)s = '' OR d.for_service = %(for_service)s)
   AND (%(payer)s = '' OR d.payer = %(payer)s)
 ORDER BY {order}, a.number, d.id
"""


def _rows(parameters: Parameters) -> Iterator[Cells]:
    """The deposits by service or giver, then by account."""
    first = "d.payer" if parameters.text("by") == "payer" else "d.for_service"
    given = {
        "day": parameters.day("as_of"),
        **{name: parameters.text(name) for name in ("which", "for_service", "payer")},
    }
    for service, payer, *rest in streamed(_HELD.format(order=first), given):
        yield (DepositService(service).label, Deposit.Payer(payer).label, *rest)


def _shape(report: Report, parameters: Parameters) -> Report:
    """Subtotals by the one, the other once more below."""
    by, other = ("payer", "service") if parameters.text("by") == "payer" else ("service", "payer")
    label = "By service" if other == "service" else "By giver"
    return replace(report, subtotals=(by,), recaps=(Recap(label, (other,)),))


REPORT = Report(
    code="deposits-held",
    title="Deposits held",
    group="Receivables",
    permission="ledger.view",
    about="What was held of customers’ and landlords’ deposits at the end of a day.",
    parameters=(
        Parameter("as_of", "As of", "date", default=lambda today: today),
        Parameter(
            "by",
            "Subtotals by",
            "choice",
            required=True,
            default=lambda today: "service",
            choices=(("service", "Service"), ("payer", "Giver")),
        ),
        Parameter("for_service", "For", "choice", choices=DepositService.choices),
        Parameter("payer", "From", "choice", choices=Deposit.Payer.choices),
        Parameter(
            "which",
            "Deposits",
            "choice",
            required=True,
            default=lambda today: "held",
            choices=(("held", "Held on that day"), ("all", "All taken to that day")),
        ),
    ),
    columns=(
        Column("service", "For", width=15),
        Column("payer", "From", width=10),
        Column("account", "Account", width=10),
        Column("name", "Name", width=20),
        Column("address", "Service address", width=20),
        Column("landlord", "Landlord", width=16),
        Column("on", "Taken", "date", width=13),
        Column("reference", "Reference", width=12),
        Column("amount", "Deposit", "amount", total=True, width=12),
        Column("applied", "Applied", "amount", total=True, width=12),
        Column("refunded", "Refunded", "amount", total=True, width=12),
        Column("taken_back", "Voided", "amount", total=True, width=10),
        Column("held", "Held", "amount", total=True, width=12),
    ),
    rows=_rows,
    subtotals=("service",),
    shape=_shape,
    notes=(
        "Held of all services and givers is the balance of the ledger account of deposits held on that day.",
    ),
)
