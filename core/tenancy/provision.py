"""Bring a database up to date as its owner, and check that the site logs in with no more than it needs."""

from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import connections, transaction

from core.models import Utility
from core.search import refresh_new_kinds
from core.tenancy import scope
from core.tenancy.global_tables import GLOBAL_TABLES
from core.tenancy.guards import APP_ROLE

# Third-party tables: their own code reads, writes and clears them.
_NOT_OURS = ("django_session", "axes_", "account_", "mfa_")


def narrowed(database: str) -> str:
    """SQL that leaves the application the right to log in, and nobody else any.

    PostgreSQL lets everybody make temporary tables, whose names would hide those of the site; and a copy of
    a database starts with what PostgreSQL gives, not with what its template had.
    """
    to_all = f'REVOKE ALL ON DATABASE "{database}" FROM PUBLIC'
    return f'{to_all}; GRANT CONNECT ON DATABASE "{database}" TO {APP_ROLE}'


def provision(*, verbosity: int = 1) -> None:
    """Migrate as owner, give the application role its rights on third-party tables, find what is new."""
    call_command("migrate", database="owner", verbosity=verbosity, interactive=False)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT current_database()")
        cursor.execute(narrowed(cursor.fetchone()[0]))
        cursor.execute("GRANT USAGE ON SCHEMA public TO " + APP_ROLE)
        for table in GLOBAL_TABLES:
            rights = "SELECT, INSERT, UPDATE, DELETE" if table.startswith(_NOT_OURS) else "SELECT"
            cursor.execute(f"GRANT {rights} ON {table} TO {APP_ROLE}")
        cursor.execute(
            "SELECT s.relname FROM pg_class s JOIN pg_depend d ON d.objid = s.oid AND s.relkind = 'S'"
            " JOIN pg_class t ON t.oid = d.refobjid WHERE t.relname = ANY (%s)",
            [[table for table in GLOBAL_TABLES if table.startswith(_NOT_OURS)]],
        )
        for (sequence,) in cursor.fetchall():
            cursor.execute(f"GRANT USAGE, SELECT ON SEQUENCE {sequence} TO {APP_ROLE}")
    for utility in Utility.objects.order_by("slug"):
        with scope(utility.id), transaction.atomic():
            refresh_new_kinds()


def check_role() -> None:
    """Refuse to start when the login could see or do more than one utility's work.

    Raises ``ImproperlyConfigured`` for a superuser, a role that bypasses row security, or an owner of
    tables.
    """
    with connections["default"].cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, current_user FROM pg_roles WHERE rolname = current_user"
        )
        is_super, bypasses, name = cursor.fetchone()
        cursor.execute(
            "SELECT count(*) FROM pg_tables WHERE tableowner = current_user AND schemaname = 'public'"
        )
        (owned,) = cursor.fetchone()
    if is_super or bypasses or owned:
        why = (
            "a superuser"
            if is_super
            else "beyond row security"
            if bypasses
            else f"the owner of {owned} tables"
        )
        raise ImproperlyConfigured(
            f"The site must not log in as “{name}”, which is {why}. Set DATABASE_URL to the role {APP_ROLE}."
        )
