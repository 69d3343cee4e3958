"""The pure rate engine: ``rate(parse_tariff(content), facts)``.

See README.md beside this file for the algorithms with worked numbers, and schema.json for the tables.
"""

from rates.engine.dividing import pricing_of
from rates.engine.errors import RatingError, TariffError
from rates.engine.facts import RatingFacts, ServiceUse
from rates.engine.lookback import LookBack
from rates.engine.rating import ENGINE_VERSION, rate, rate_parts
from rates.engine.results import RatedCharge, Rating, Step
from rates.engine.tariff import Tariff, content_hash, parse_tariff

__all__ = [
    "ENGINE_VERSION",
    "LookBack",
    "RatedCharge",
    "Rating",
    "RatingError",
    "RatingFacts",
    "ServiceUse",
    "Step",
    "Tariff",
    "TariffError",
    "content_hash",
    "parse_tariff",
    "pricing_of",
    "rate",
    "rate_parts",
]
