"""``manage.py worker``: do the work that outlives a request."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.tenancy.provision import check_role
from core.work.worker import Crew, Until, Worker


class Command(BaseCommand):
    """Needs no broker; may run beside others of its kind and beside Celery's."""

    help = "Do jobs, schedules, events and mails as they come due."
    # It serves no pages: their checks would only delay its start after a crash.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """When to stop, and how many processes."""
        until = parser.add_mutually_exclusive_group()
        until.add_argument("--once", action="store_true", help="one round, then stop")
        until.add_argument("--until-idle", action="store_true", help="stop when nothing is due any more")
        parser.add_argument("--processes", type=int, default=1, metavar="N", help="so many workers (1)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run until told to stop."""
        if options["processes"] < 1:
            raise CommandError("--processes: at least 1.")
        check_role()
        until: Until = "once" if options["once"] else "idle" if options["until_idle"] else "stopped"
        if options["verbosity"] > 0 and until == "stopped":
            self.stdout.write("The worker looks for work each second; stop it with Ctrl+C.")
        if options["processes"] > 1:
            Crew(options["processes"], until).run()
        else:
            Worker(until).run()
