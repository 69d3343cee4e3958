"""``manage.py searchkeys``: make what everything is found under anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from core.models import Utility
from core.search import refresh_every_key
from core.tenancy import scope


class Command(BaseCommand):
    """For a version that finds more kinds of things than the last one; harmless to call again."""

    help = "Write the search keys of every utility anew from what its rows say."

    def handle(self, *args: Any, **options: Any) -> None:
        """Utility by utility, each in one transaction."""
        for utility in Utility.objects.order_by("slug"):
            with scope(utility.id), transaction.atomic():
                counts = refresh_every_key()
            told = ", ".join(f"{count:,} of kind “{kind}”" for kind, count in counts.items())
            self.stdout.write(f"{utility.slug}: {told}")
