"""One hash over tables, to show that nothing changed."""

import hashlib

from django.db import connections

DOMAIN = ("meters_", "customers_", "ledger", "billing_", "collections_app_", "rates_")


def table_hash(*prefixes: str, using: str = "owner") -> str:
    """A hash of every row of every table whose name begins so; of all tables without any.

    As the owner it covers all utilities and what is committed; with ``using="default"`` the utility in
    scope, as the transaction at work sees it.
    """
    digest = hashlib.sha256()
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT schemaname || '.' || tablename, tablename FROM pg_tables"
            " WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
        )
        tables = [full for full, name in cursor.fetchall() if not prefixes or name.startswith(prefixes)]
        if not tables:
            raise ValueError(f"No table begins with {prefixes}.")
        for table in tables:
            cursor.execute(
                f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t"
            )
            digest.update(f"{table} {cursor.fetchone()[0]}\n".encode())
    return digest.hexdigest()
