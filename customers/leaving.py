"""Somebody moves out, and who answers for a location while nobody lives there (MOV-04)."""

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from core.actors import Actor
from core.errors import NotFound
from core.operations import note, operation
from customers.models import Account, Holding, MoveIn
from customers.moving import Arrival, Departure, turn_over


@operation("customers.account.end", permission="customers.edit")
def end_account(by: Actor, *, account_id: int, on: date) -> int:
    """The account ends with its services: ``on`` is the first day that is no longer its own.  Its id.

    The location is vacant from then on, or its landlord's under a landlord agreement.  Raises ``Conflict``
    when it has ended already or was billed beyond that day.
    """
    account = Account.objects.filter(id=account_id, pending=False).first()
    if account is None:
        raise NotFound("There is no such account.", "Find it by its number.", field="account_id")
    turn_over(by, departures=[Departure(account_id, on)], arrivals=[])
    note(landlord=revert_to_landlords(by, on=on, locations=[account.location_id]))
    return int(account_id)


def revert_to_landlords(by: Actor, *, on: date, locations: Sequence[int] | None = None) -> list[int]:
    """Open accounts of landlords for locations that are vacant on a day and revert to them; their ids.

    Each begins when the account before ended (or when the landlord got the location) and has its services.
    Where somebody moves in by that day nobody is put between.  Inside an operation; a fixed number of
    queries.
    """
    held = Holding.objects.filter(Q(ends=None) | Q(ends__gt=on), starts__lte=on, reverts=True)
    if locations is not None:
        held = held.filter(location__in=locations)
    by_place = {one.location_id: one for one in held.select_related("landlord")}
    accounts = Account.objects.filter(location__in=list(by_place), pending=False)
    taken = set(accounts.filter(Q(ends=None) | Q(ends__gt=on)).values_list("location_id", flat=True))
    waiting = MoveIn.objects.filter(state=MoveIn.State.WAITING, account__starts__lte=on)
    taken |= set(waiting.values_list("account__location_id", flat=True))
    last = {a.location_id: a for a in accounts.exclude(location__in=taken).order_by("ends", "id")}
    arrivals = []
    for place, before in sorted(last.items()):
        landlord = by_place[place].landlord
        # One that was the landlord's own has been ended by somebody who meant it.
        if before.ends is None or landlord.customer_id in (None, before.customer_id):
            continue
        starts = max(before.ends, by_place[place].starts)
        arrivals.append(Arrival(before.id, starts, customer_id=landlord.customer_id))
    return turn_over(by, departures=[], arrivals=arrivals) if arrivals else []
