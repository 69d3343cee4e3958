"""Whether a worker is there: asked of the database itself, which knows who is connected.

A worker's connections carry a name of their own, and a worker that lives asks for work each second.
There is no row that could be left over from a worker that is gone.
"""

import os
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

NAME = "curbstop-worker"
# Long enough for Celery's round and for a part that is computed between two renewals of its lease.
_LONGEST_SILENCE = "30 seconds"


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker's connection: since when it is there and when it last said something."""

    address: str
    since: datetime
    last_seen: datetime


def announce() -> None:
    """From now on this process is a worker.  Not inside a transaction: the connection begins anew."""
    if os.environ.get("PGAPPNAME") != NAME:
        os.environ["PGAPPNAME"] = NAME
        connection.close()


def workers_seen() -> list[WorkerSeen]:
    """The workers at the door now; empty means that nothing long will be done until one is started."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(host(client_addr), 'this machine'), backend_start,"
            " CASE WHEN state = 'active' THEN clock_timestamp() ELSE state_change END AS seen"
            " FROM pg_stat_activity WHERE datname = current_database() AND application_name = %s"
            " AND (state = 'active' OR state_change > clock_timestamp() - %s::interval)"
            " ORDER BY backend_start",
            [NAME, _LONGEST_SILENCE],
        )
        return [WorkerSeen(*row) for row in cursor.fetchall()]
