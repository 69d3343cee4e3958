"""``manage.py demo``: two towns, this month billed from the read file to the printed bills, then the site."""

import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from time import monotonic
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections

from config.town.demo import PASSWORD, Made, make_demo
from config.town.found import PEOPLE
from core import clock
from core.tenancy.provision import provision


class Command(BaseCommand):
    """Repeatable: what is made already is left alone."""

    help = "Make the demonstration towns, bill their month, prove the ledger and serve the site."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to serve, or not at all."""
        parser.add_argument("--no-serve", action="store_true", help="stop when the bills are printed")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))

    def handle(self, *args: Any, **options: Any) -> None:
        """Provision, make, prove, serve."""
        began = monotonic()
        self._say("Bringing the database up to date")
        provision(verbosity=0)
        made = make_demo(self._say, clock.now().date())
        self._say("Proving that everything adds up")
        call_command("prove", verbosity=0)
        self._say(f"Ready after {monotonic() - began:.0f} s.")
        self._tell(made, options["port"])
        if not options["no_serve"]:
            self._serve(options["port"])

    def _say(self, text: str) -> None:
        self.stdout.write(f"· {text}")
        self.stdout.flush()

    def _tell(self, made: list[Made], port: int) -> None:
        for town in made:
            files = "\n              ".join(str(pdf) for pdf in town.pdfs)
            self.stdout.write(
                f"\n{town.plan.name}: http://{town.plan.slug}.localhost:{port}/\n"
                f"  read file   {town.file}\n  {town.bills} bills   {files}\n"
                f"  sign in as  {', '.join(f'{role}@{town.plan.slug}' for role, _, _ in PEOPLE)}\n"
                f"  password    {PASSWORD}"
            )
        self.stdout.write("")

    def _serve(self, port: int) -> None:
        """The web server in this process's place, with two workers beside it."""
        connections.close_all()
        gunicorn = str(Path(sys.executable).parent / "gunicorn")
        os.environ["CURBSTOP_SERVES"] = "1"
        if os.fork() == 0:
            os.execv(sys.executable, [sys.executable, "manage.py", "worker", "--processes", "1"])
        os.chdir(settings.ROOT)
        os.execv(gunicorn, [gunicorn, "config.wsgi", "--bind", f"127.0.0.1:{port}", "--access-logfile", "-"])
