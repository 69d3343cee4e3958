"""``manage.py owrs``: rate tables from a file of the Open Water Rate Specification.

``manage.py`` itself hands this command to ``rates.owrs`` before settings are read; see ``rate``.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rates.asking.command import WRONG, Unanswerable
from rates.owrs.command import arguments, told


class Command(BaseCommand):
    """Reads one file; prints tables, or writes them to a folder."""

    help = "Turn a file of the Open Water Rate Specification into rate tables. Needs no database."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The same as without Django."""
        arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the tables, and beside them what could not be taken over."""
        try:
            printed, report = told(options["file"], options["out"], options["season"])
        except Unanswerable as wrong:
            raise CommandError(str(wrong), returncode=WRONG) from wrong
        self.stderr.write(report, ending="")
        self.stdout.write(printed, ending="")
