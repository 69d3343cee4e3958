"""``manage.py prove``: what must always hold, checked utility by utility."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core import clock
from core.models import Utility
from core.prove import Asked, Finding, prove

SHOWN = 20


class Command(BaseCommand):
    """Reads only; the audit's anchor moves on when everything holds.  Exit 1 when something does not."""

    quiet, utility = False, ""
    help = "Check every invariant of every utility; print one line for each, and the rows that break one."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--utility`` for one, ``--deep`` to read every file; verbosity 0 tells only what is broken."""
        parser.add_argument("--utility", metavar="SLUG", help="only this utility")
        parser.add_argument("--deep", action="store_true", help="read every kept file, not only the newest")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove each utility; raise at the end if anything is broken."""
        broken, self.quiet = 0, options["verbosity"] == 0
        for utility in self._utilities(options["utility"]):
            self.utility = f"{utility.name} ({utility.slug})"
            if not self.quiet:
                self.stdout.write(self.utility)
            asked = Asked(
                utility, clock.now(), deep=options["deep"], anchors=Path(settings.STATE_DIR) / "anchors"
            )
            broken += sum(not finding.holds for finding in prove(asked, tell=self._tell))
        if broken:
            raise CommandError(f"{broken} {'invariant is' if broken == 1 else 'invariants are'} broken.")
        self.stdout.write("Everything holds.")

    def _utilities(self, slug: str | None) -> list[Utility]:
        found = Utility.objects.order_by("slug")
        if slug:
            found = found.filter(slug=slug)
            if not found:
                raise CommandError(f"There is no utility “{slug}”. Leave --utility out to prove all of them.")
        return list(found)

    def _tell(self, finding: Finding) -> None:
        if self.quiet and finding.holds:
            return
        if self.quiet:
            self.stdout.write(self.utility)
        said = "holds" if finding.holds else f"BROKEN by {len(finding.offences):,}"
        invariant = finding.invariant
        self.stdout.write(
            f"  {invariant.code:<4} {invariant.words}: {said} ({finding.seconds * 1000:,.0f} ms)"
        )
        for ref, words in finding.offences[:SHOWN]:
            self.stdout.write(f"         {ref}: {words}")
        if len(finding.offences) > SHOWN:
            self.stdout.write(f"         … and {len(finding.offences) - SHOWN:,} more")
