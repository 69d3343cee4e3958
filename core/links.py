"""Links to screens, from wherever they are made."""

from django.conf import settings
from django.urls import reverse


def screen(name: str, *args: str | int) -> str:
    """The path of a utility's screen, also while the bare host answers, where the interface may be asked."""
    return reverse(name, urlconf=settings.ROOT_URLCONF, args=args)
