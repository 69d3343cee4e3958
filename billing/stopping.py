"""Charges that stop at a limit: how much was charged so far, and of how much (RAT-04)."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from billing.gather import read_rates
from billing.past_use import charged_so_far
from core.money import ZERO
from core.periods import Period
from customers.models import Account, Service
from meters.models import ServiceType
from rates.engine import RatingError, RatingFacts, Tariff
from rates.engine.desk import Desk


class Stopping(NamedTuple):
    """A charge of a service that stops when ``limit`` dollars have been charged; ``None`` if not known."""

    service: str
    rate: str
    text: str
    charged: Decimal
    limit: Decimal | None

    @property
    def left(self) -> Decimal | None:
        """What is still to be charged."""
        return None if self.limit is None else max(ZERO, self.limit - self.charged)


def stopping_of(account: Account, services: Sequence[Service], today: date) -> list[Stopping]:
    """The charges that stop, of the services there are, with what was charged on bills that stand.

    Two queries; one when no rate of the account has such a charge.
    """
    rates = read_rates()
    priced = []
    for service in services:
        tariff = rates.tariffs.get(rates.hash_on(service.rate_id, today))
        if tariff is not None and tariff.stopping:
            priced.append((service, tariff))
    charged = charged_so_far([service.id for service, _ in priced])
    return [
        Stopping(
            str(ServiceType(service.service_type).label),
            service.rate.code,
            component.head.text,
            charged.get(service.id, {}).get(component.head.id, ZERO),
            _limit(account, service, tariff, component.head.id, today),
        )
        for service, tariff in priced
        for component in tariff.components
        if component.head.stop is not None
    ]


def _limit(account: Account, service: Service, tariff: Tariff, component: str, today: date) -> Decimal | None:
    """The limit as the service stands today; a table may choose it by class, units or date."""
    said = service.attributes
    facts = RatingFacts(
        Period(today, today),
        0,
        attributes={"class": account.category, **{k: v for k, v in said.items() if isinstance(v, str)}},
        numbers={
            "units": service.units,
            **{k: Decimal(str(v)) for k, v in said.items() if not isinstance(v, str)},
        },
    )
    desk = Desk(tariff, facts)
    desk.current = component
    stop = next(c.head.stop for c in tariff.components if c.head.id == component)
    try:
        return stop.limit.of(desk) if stop is not None else None
    except RatingError:
        return None
