"""What a finished work order means for the account it was for: a note on its pad."""

from core.actors import Actor
from core.ui.words import day_text
from core.work.outbox import Consumer, Event
from customers.models import Account
from customers.notes import LONGEST, add_note
from meters.models import WorkOrder
from meters.queries import dial_text


def answer_done(by: Actor, event: Event) -> None:
    """Write on the account what was done; the order names no account: there is nothing to write on.

    Whether its water is on is not kept twice: the account's page reads it off the meter.
    """
    order = WorkOrder.objects.select_related("reading", "new_meter").get(id=event.payload["order_id"])
    account = Account.objects.filter(number=order.account_number).first() if order.account_number else None
    if account is not None:
        add_note(by, account_id=account.id, text=done_in_words(order)[:LONGEST])


def done_in_words(order: WorkOrder) -> str:
    """What was done, in a sentence or two."""
    kind = WorkOrder.Kind(order.kind).label
    on = f" on {day_text(order.done_on)}" if order.done_on else ""
    said = [f"Work order {order.number}, {kind.lower()}: done{on}, told by {order.ended_by}."]
    if order.reading is not None:
        said.append(f"The dial showed {dial_text(order.reading.dial)}.")
    if order.new_meter is not None:
        said.append(f"The new meter is {order.new_meter.number}.")
    if order.findings:
        said.append(order.findings)
    return " ".join(said)


CONSUMERS = (Consumer("customers.work_order_done", answer_done),)
