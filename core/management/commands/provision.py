"""``manage.py provision``: create or update the database's tables, guards and rights."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from core.tenancy.provision import check_role, provision


class Command(BaseCommand):
    """Runs as the owner role; safe to repeat."""

    help = "Create or update tables, guards and rights. Needs OWNER_DATABASE_URL (or the embedded database)."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate, grant, check."""
        if "owner" not in connections.settings:
            raise CommandError("Set OWNER_DATABASE_URL to the login of the role that owns the tables.")
        provision(verbosity=options["verbosity"])
        check_role()
        self.stdout.write(
            "The database is up to date, and the site's login has no more rights than it needs."
        )
