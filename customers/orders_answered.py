"""What a finished work order means for its account: a note on its pad, and a take-over where one waits."""

from core.actors import Actor
from core.ui.words import day_text
from core.work.outbox import Consumer, Event
from customers.models import Account, MoveIn
from customers.move_in import take_over_or_tell
from customers.notes import LONGEST, add_note
from customers.vacant import waiting_at
from meters.models import WorkOrder
from meters.queries import dial_text


def answer_done(by: Actor, event: Event) -> None:
    """Write on the account what was done; where a place was connected, who waits for it takes over.

    An order that names no account writes on that of who waits, if anybody.  Whether the water is on is not
    kept twice: the account's page reads it off the meter.
    """
    order = WorkOrder.objects.select_related("reading", "new_meter").get(id=event.payload["order_id"])
    waits = _connected_for(order)
    account = Account.objects.filter(number=order.account_number).first() if order.account_number else None
    said = done_in_words(order)
    if waits is not None and order.done_on is not None:
        took = take_over_or_tell(by, move_in_id=waits.id, on=order.done_on)
        said += f" {waits.account.customer.name} {'has taken over' if took else 'could not take over yet'}."
        account = account or waits.account
    if account is not None:
        add_note(by, account_id=account.id, text=said[:LONGEST])


def _connected_for(order: WorkOrder) -> MoveIn | None:
    """Who waits for the place that was connected, when their day has come."""
    if order.kind != WorkOrder.Kind.CONNECT or order.done_on is None:
        return None
    waits = waiting_at(order.location_id)
    return waits if waits is not None and waits.account.starts <= order.done_on else None


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
