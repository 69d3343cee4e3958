"""Who has and had the place where a meter sits: derived from the accounts, never typed."""

from dataclasses import dataclass
from datetime import date

from customers.models import Account

PREVIOUS = 3


@dataclass(frozen=True, slots=True)
class AtPlace:
    """An account at the place; ``is_current`` when it is its own today."""

    account: Account
    is_current: bool


def people_of_place(location_id: int, today: date) -> list[AtPlace]:
    """The current account and the three before it, the latest first; without one, the last three."""
    rows = (
        Account.objects.filter(location=location_id, starts__lte=today)
        .select_related("customer")
        .order_by("-starts", "-id")[: PREVIOUS + 5]
    )
    now = [AtPlace(one, True) for one in rows if one.ends is None or one.ends > today]
    before = [AtPlace(one, False) for one in rows if one.ends is not None and one.ends <= today]
    return [*now, *before[:PREVIOUS]]
