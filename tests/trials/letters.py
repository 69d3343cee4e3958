"""Who answers the events of a run in a trial: a mail for each step, so that lost and doubled answers show."""

from core.actors import Actor
from core.mail import queue_mail
from core.work.outbox import Consumer, Event


def tell(by: Actor, event: Event) -> None:
    """Have the office told."""
    queue_mail("office@example.com", event.name, f"Run {event.payload['run']}.\n")


CONSUMERS = {
    f"billing.run.{state}": (Consumer("trial.tell", tell),) for state in ("prepared", "posted", "printed")
}
