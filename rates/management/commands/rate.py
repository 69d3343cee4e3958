"""``manage.py rate``: a bill from a rate table and its facts, both in files.

``manage.py`` itself hands this command to ``rates.asking`` before settings are read, so that it needs no
database; the class is for whoever calls it from Django, and for ``manage.py help``.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rates.asking.command import WRONG, Unanswerable, answer_to, arguments


class Command(BaseCommand):
    """Reads two files and prints."""

    help = "Price a bill from a rate table and its facts, both in files. Needs no database."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The same as without Django."""
        arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the answer; a file that makes no bill ends the command with 2."""
        try:
            told = answer_to(options["table"], options["input"], as_json=options["json"])
        except Unanswerable as wrong:
            raise CommandError(str(wrong), returncode=WRONG) from wrong
        self.stdout.write(told, ending="")
