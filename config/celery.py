"""Celery, where there is a Redis: a doorbell that shortens the workers' wait.

``celery -A config.celery worker`` and ``celery -A config.celery beat``.  What is due, running and done are
rows; a message says no more than "look".  So the broker may be emptied at any time.
"""

import os

from celery import Celery
from celery.signals import worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# The worker serves no pages: checking their addresses would only delay its start after a crash.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

app = Celery("curbstop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.update(
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    timezone="UTC",
    # A worker takes one ring at a time, so that a long part does not keep rings from an idle worker.
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    # A worker keeps its connection between rings: that is how the screens see that one is there.
    CELERY_DB_REUSE_MAX=500,
    broker_connection_retry_on_startup=True,
    # Whoever rings is a request: it does not wait for a broker that is away.
    broker_transport_options={"socket_connect_timeout": 2, "max_retries": 1},
    beat_schedule={
        # A ring that nobody heard in five seconds is followed by another one anyway.
        "look": {"task": "core.work.look", "schedule": 5.0, "options": {"expires": 5}},
    },
)
app.autodiscover_tasks(["core.work"])


def _settled(**_: object) -> None:
    from core.startup import keep_what_is_loaded

    keep_what_is_loaded()


worker_process_init.connect(_settled)


def ring_bell() -> None:
    """Send one ring; raises what the broker raises."""
    app.send_task("core.work.look", expires=60, retry=False, ignore_result=True)
