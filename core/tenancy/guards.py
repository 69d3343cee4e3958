"""Migration operations that put a table under guard.

``TenantTable("account")`` after the ``CreateModel`` gives the table: the key ``(tenant_id, id)``,
composite foreign keys, FORCE ROW LEVEL SECURITY with one policy that raises without a scope, and
exactly the rights that the application role needs.  A test reads the catalogue and refuses a table
that has neither this nor a place on the list of global ones (``core.tenancy.global_tables``).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps.registry import Apps
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from core.tenancy.fields import Ref

APP_ROLE = "curbstop_app"


def key_sql(table: str) -> list[str]:
    """Replace Django's key by ``(tenant_id, id)`` and tie the row to its utility."""
    return [
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey",
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_pkey PRIMARY KEY (tenant_id, id)",
    ]


def utility_sql(table: str, *, tied: bool) -> list[str]:
    """The row's utility exists; when nobody says which, it is the one in scope.

    A row ``tied`` by a reference that is never empty needs no key to the utilities: the row it refers
    to has one.  (Checking it again would be a quarter of the cost of a bulk insert.)
    """
    made = [f"ALTER TABLE {table} ALTER COLUMN tenant_id SET DEFAULT core.current_utility()"]
    if not tied:
        made.append(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_tenant"
            " FOREIGN KEY (tenant_id) REFERENCES core_utility (id)"
        )
    return made


RULE = "tenant_id = (SELECT core.current_utility())"

# No row ever gets as far as its second half, so it decides nothing; but the planner, weighing it, has to
# know the utility.  Without it a query without a scope would say nothing about a table that is empty: the
# InitPlan of the rule runs at the first row.  It stands beside the rule, since as a plain comparison it
# would be worked out again for every row that is scanned.
ASKED_WHEN_PLANNED = (
    "(tenant_id <> -1 OR tenant_id <>"
    " coalesce(nullif(current_setting('app.tenant_id', true), '')::bigint, core.current_utility()))"
)


def policy_sql(table: str) -> list[str]:
    """One policy for reading and writing, which raises without a scope, also when the table is empty."""
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY one_utility ON {table} USING ({RULE} AND {ASKED_WHEN_PLANNED}) WITH CHECK ({RULE})",
    ]


def reference_sql(table: str, field: Ref) -> list[str]:
    """The composite foreign key of one reference and, where it is followed backwards, its index."""
    column = field.column
    target = field.remote_field.model._meta.db_table
    name = f"{table}_{column}"[:58]
    made = [
        f"ALTER TABLE {table} ADD CONSTRAINT {name}_ref FOREIGN KEY (tenant_id, {column})"
        f" REFERENCES {target} (tenant_id, id)"
    ]
    if field.lookup and not field.unique:
        made.append(f"CREATE INDEX {name}_ix ON {table} (tenant_id, {column})")
    return made


class TenantTable(Operation):
    """Guard one table.

    ``update`` is ``True`` (any column), ``False`` (append-only) or the columns the application may
    update.  ``delete`` lets it remove rows; ``insert=False`` leaves adding them to a trigger.
    ``tracked`` keeps before and after of each change, or of changes to the columns named; ``unseen``
    columns (sealed ones) are left out of what is kept.
    ``keyed=False`` for a model whose key is already composite.  ``roomy`` leaves space on each page, for
    rows that runs update in bulk.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(
        self,
        name: str,
        *,
        insert: bool = True,
        update: bool | Sequence[str] = True,
        delete: bool = False,
        tracked: bool | Sequence[str] = False,
        unseen: Sequence[str] = (),
        keyed: bool = True,
        roomy: bool = False,
    ) -> None:
        self.name, self.insert, self.update, self.delete = name, insert, update, delete
        self.tracked, self.unseen, self.keyed, self.roomy = tracked, unseen, keyed, roomy

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        """Nothing that Django's state knows changes."""

    def statements(self, model: type[models.Model]) -> Iterable[str]:
        """The SQL, in order."""
        table = model._meta.db_table
        if self.keyed:
            yield from key_sql(table)
        references = [field for field in model._meta.local_fields if isinstance(field, Ref)]
        yield from utility_sql(table, tied=any(not f.null and f.related_model != model for f in references))
        for field in references:
            yield from reference_sql(table, field)
        if self.roomy:
            yield f"ALTER TABLE {table} SET (fillfactor = 70)"
        yield from policy_sql(table)
        yield f"GRANT SELECT{', INSERT' * self.insert} ON {table} TO {APP_ROLE}"
        if self.update is True:
            yield f"GRANT UPDATE ON {table} TO {APP_ROLE}"
        elif self.update:
            yield f"GRANT UPDATE ({', '.join(self.update)}) ON {table} TO {APP_ROLE}"
        if self.delete:
            yield f"GRANT DELETE ON {table} TO {APP_ROLE}"
        if self.keyed and self.insert:
            yield f"GRANT USAGE, SELECT ON SEQUENCE {table}_id_seq TO {APP_ROLE}"
        if self.tracked:
            unseen = ", ".join(f"'{column}'" for column in self.unseen)
            columns = "" if self.tracked is True else f" OF {', '.join(self.tracked)}"
            yield (
                f"CREATE TRIGGER tracked AFTER DELETE OR UPDATE{columns} ON {table}"
                f" FOR EACH ROW EXECUTE FUNCTION core.track_change({unseen})"
            )

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        """Put the guards on."""
        apps: Apps = to_state.apps
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for statement in self.statements(apps.get_model(app_label, self.name)):
            schema_editor.execute(statement)

    def database_backwards(self, *args: Any) -> None:
        """Nothing to take off: the table goes next, and its guards with it."""

    def describe(self) -> str:
        """As shown by ``migrate --plan``."""
        return f"Guard the table of {self.name}"


class GlobalTable(TenantTable):
    """A table outside the utilities: no policy, only the rights given.  It must be on the reviewed list."""

    def statements(self, model: type[models.Model]) -> Iterable[str]:
        """The SQL, in order."""
        table = model._meta.db_table
        rights = ["SELECT", "INSERT"] + ["UPDATE"] * bool(self.update) + ["DELETE"] * self.delete
        yield f"GRANT {', '.join(rights)} ON {table} TO {APP_ROLE}"
        if self.keyed:
            yield f"GRANT USAGE, SELECT ON SEQUENCE {table}_id_seq TO {APP_ROLE}"
