"""Django's PostgreSQL backend, telling each outermost transaction which utility it works for."""

from django.db.backends.postgresql import base as postgresql

from core.tenancy.current import scoped_utility_id


class DatabaseWrapper(postgresql.DatabaseWrapper):
    """Sends ``app.tenant_id`` with every BEGIN; the setting ends with the transaction."""

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]  # Django's own hook, not in the stubs
        utility_id = scoped_utility_id()
        if not autocommit and utility_id is not None:
            with self.connection.cursor() as cursor:
                cursor.execute("SELECT set_config('app.tenant_id', %s, true)", [str(utility_id)])
