"""Celery's only task.  It carries no work and no utility: it makes a worker look at what is due."""

import os
import socket
import time
from functools import cache

from celery import shared_task
from django.db import close_old_connections

from core.tenancy.provision import check_role
from core.work.presence import announce
from core.work.sweeper import sweep

# So long does one ring keep a worker; the next ring, at the latest the beat's, goes on.
_LONGEST = 30.0


@shared_task(name="core.work.look", ignore_result=True)  # type: ignore[untyped-decorator]  # Celery has no types
def look() -> int:
    """Do what is due until nothing is, or for half a minute; returns how many things were done."""
    close_old_connections()  # one that broke while nobody rang
    announce()
    _refuse_too_many_rights()
    owner = f"{socket.gethostname()}:{os.getpid()}:celery"
    began, done = time.monotonic(), 0

    def late() -> bool:
        return time.monotonic() - began > _LONGEST

    while not late():
        done_now = sweep(owner, stop=late)
        done += done_now
        if not done_now:
            break
    return done


@cache
def _refuse_too_many_rights() -> None:
    """Once a process; here, since Celery goes on when a check at its start raises."""
    check_role()
