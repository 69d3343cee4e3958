"""Who answers whom, across the apps: the one place that knows upper and lower apps alike."""

from core.work.outbox import Consumer
from customers import orders_answered

# Event name -> who answers it, each in a transaction of its own.
EVENT_CONSUMERS: dict[str, tuple[Consumer, ...]] = {
    "meters.work_order_done": orders_answered.CONSUMERS,
}
