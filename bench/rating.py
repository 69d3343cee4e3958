"""Rating alone, on one core: ratings a second of a water table by blocks, a sewer table and an electric one.

Nothing is remembered between ratings: each has a use of its own.
"""

import json
import time
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from itertools import cycle
from pathlib import Path

from bench.record import line
from core.periods import Period
from rates.engine import RatingFacts, ServiceUse, Tariff, parse_tariff, rate

TARIFFS = Path(__file__).resolve().parent.parent / "rates" / "tariffs"
TABLES = (
    ("water_blocks", "council-bluffs-water", "CCF"),
    ("sewer_from_water", "walton-ky-sewer", "CCF"),
    ("electric", "elberton-electric-residential", "KWH"),
)
SECONDS = 3.0
SUMMER = [{"name": "nonsummer", "from": "01-01"}, {"name": "summer", "from": "06-01"}]
PERIOD = Period(date(2026, 6, 1), date(2026, 7, 1))
USES = tuple(Decimal(n * 7 % 4001) / 10 for n in range(1, 4002))


def rated() -> Iterator[str]:
    """``bench`` lines of ratings a second."""
    for name, file, unit in TABLES:
        tariff = _tariff(file)
        yield line("rate", _speed(tariff, unit), "ratings/s", table=name, cores=1)


def _tariff(file: str) -> Tariff:
    content = json.loads((TARIFFS / f"{file}.json").read_text())
    if content["service_type"] == "sewer":
        content.setdefault("use", {"from": "water"})
    if file.startswith("elberton-"):
        content.setdefault("seasons", SUMMER)
    return parse_tariff(content)


def _facts(tariff: Tariff, use: Decimal, unit: str) -> RatingFacts:
    return RatingFacts(
        period=PERIOD,
        days=30,
        use=use,
        unit=unit,
        attributes={"meter_size": "5/8", "class": "residential", "location": "inside"},
        numbers={name: Decimal(1) for name in tariff.numbers},
        other_use={service: ServiceUse(use, unit) for service in tariff.needs},
    )


def _speed(tariff: Tariff, unit: str) -> float:
    facts = cycle([_facts(tariff, use, unit) for use in USES])
    for _ in range(1000):
        rate(tariff, next(facts))
    began, done = time.perf_counter(), 0
    while (took := time.perf_counter() - began) < SECONDS:
        for _ in range(200):
            rate(tariff, next(facts))
        done += 200
    return done / took
