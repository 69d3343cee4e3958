"""A ring at the workers' door, so that they look at once and not at their next round.

Nothing depends on it: what is due is a row.  A ring that is lost, doubled or late changes nothing, and a
broker that cannot be reached never fails the request that rang.
"""

import logging

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)

_BELL = "config.celery.ring_bell"


def ring() -> None:
    """Ring now, if there is a broker; never raises."""
    if not settings.REDIS_URL:
        return
    try:
        import_string(getattr(settings, "WORK_DOORBELL", _BELL))()
    except Exception as problem:  # whatever a broker may raise: the work is found without it
        log.warning("The workers could not be rung; they find the work at their next round. %s", problem)


def ring_after_commit() -> None:
    """Ring when the transaction at work is committed, once at most for each."""
    if not settings.REDIS_URL:
        return
    waiting = transaction.get_connection().run_on_commit
    if not any(call is ring for _, call, _ in waiting):
        transaction.on_commit(ring, robust=True)
