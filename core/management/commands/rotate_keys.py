"""``manage.py rotate_keys``: bring everything sealed under the newest key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from core import clock
from core.actors import system_actor
from core.models import Utility
from core.sealed import all_sealed
from core.secrets.keyring import keyring
from core.secrets.rotation import left_under_older_keys, rotate_columns
from core.tenancy import scope
from core.vault.folders import shelf
from core.vault.rotation import files_under_older_keys, rotate_files
from core.vault.sweeping import sweep_orphans


class Command(BaseCommand):
    """May be killed and called again at any time, while everybody works on."""

    help = "Reseal every identifier and every kept file under the newest key, the last of CURBSTOP_KEYS."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--batch``: how many rows one transaction reseals."""
        parser.add_argument("--batch", type=int, default=500, metavar="ROWS", help="rows in one transaction")

    def handle(self, *args: Any, **options: Any) -> None:
        """Rotate utility by utility; raise at the end if something is left under an older key."""
        if options["batch"] < 1:
            raise CommandError("--batch must be 1 or more.")
        begun = clock.now()
        left = 0
        for utility in Utility.objects.order_by("slug"):
            with scope(utility.id):
                by, done = system_actor(utility.id), 0
                for step in (rotate_columns, rotate_files):
                    for batch in step(by, batch=options["batch"]):
                        done += batch.resealed
                        self.stdout.write(f"{utility.slug}: {done:,} resealed, {_left():,} to go")
                        for problem in batch.problems:
                            self.stderr.write(f"{utility.slug}: {problem}")
                if shelf().root.exists():
                    sweep_orphans(by, older_than=begun)
                remaining = _left()
                left += remaining
                self.stdout.write(f"{utility.slug}: done, {remaining:,} left under older keys")
        if left:
            raise CommandError(
                f"{left:,} are left under older keys: keep these keys, mend what is named above, call again."
            )
        self.stdout.write(f"Everything is under the key “{keyring().newest}”; older keys may be taken away.")


def _left() -> int:
    with transaction.atomic():
        return sum(left_under_older_keys(sealed) for sealed in all_sealed()) + files_under_older_keys()
