"""Mails that wait or failed, for the screen that shows them."""

from django.db.models import QuerySet

from core.mail.queue import FAILED, WAITING
from core.models import Mail


def unsent() -> QuerySet[Mail]:
    """What has not left, failed ones first, then the longest waiting."""
    return Mail.objects.filter(state__in=[FAILED, WAITING]).order_by("state", "made_at", "id")
