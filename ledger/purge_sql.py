"""What a purge removes, as SQL: the rows as lines of its archive, and the queries that choose and compare.

The same text is sent by the site, which sees its own utility only, and stands in the database's functions,
which name the utility.
"""

_ROW = "SELECT {place}::int, {id}::bigint, {n}::int, json_build_object('table', '{name}', 'row', {row})::text"


def _of(place: int, name: str, joined: str, n: str = "0", row_id: str = "x.id") -> str:
    head = _ROW.format(place=place, id=row_id, n=n, name=name, row="to_json(x)")
    return (
        f"{head} FROM ledger_journal j {joined}"
        " WHERE j.tenant_id = {tenant} AND j.purge_id = {purge} AND j.why <> 'brought forward'"
    )


def _own(table: str, column: str = "journal_id") -> str:
    return f"JOIN {table} x ON x.tenant_id = j.tenant_id AND x.{column} = j.id"


def _through(whole: str, left: str) -> str:
    return (
        f"JOIN ledger_{whole} y ON y.tenant_id = j.tenant_id AND y.journal_id = j.id"
        f" JOIN {left} x ON x.tenant_id = y.tenant_id AND x.{whole}_id = y.id"
    )


_PARTS = (
    _of(1, "journal", _own("ledger_journal", "id")),
    _of(2, "posting", _own("ledger_posting"), "x.n", "x.journal_id"),
    _of(3, "charge", _own("ledger_charge")),
    _of(4, "credit", _own("ledger_credit")),
    _of(5, "application", _own("ledger_application")),
    _of(6, "open_item", _through("charge", "ledger_openitem")),
    _of(7, "credit_left", _through("credit", "ledger_creditleft")),
)

PURGED_ROWS = (
    "SELECT r.place, r.id, r.n, r.line FROM ("
    + " UNION ALL ".join(_PARTS)
    + ") r (place, id, n, line) ORDER BY r.place, r.id, r.n"
)
"""Each removed row as a line of JSON, in a fixed order; ``{tenant}`` and ``{purge}`` are filled in."""

# Tables whose references to journals, charges and credits a purge understands.  A group that any other table
# refers to stays, so what later versions bring is safe until somebody looked at it.
KNOWN = (
    "ledger_journal.reverses_id",
    "ledger_posting.journal_id",
    "ledger_charge.journal_id",
    "ledger_credit.journal_id",
    "ledger_application.journal_id",
    "ledger_application.charge_id",
    "ledger_application.credit_id",
    "ledger_application.undoes_id",
    "ledger_openitem.charge_id",
    "ledger_creditleft.credit_id",
    "ledger_adjustment.charge_id",
    "ledger_adjustment.journal_id",
    "collections_app_payment.journal_id",
    "collections_app_payment.credit_id",
    "collections_app_paymentreturn.fee_id",
    "collections_app_cashmovement.journal_id",
    "collections_app_drawerclose.journal_id",
    "billing_bill.journal_id",
    "billing_billcancellation.mirror_id",
)
