"""A bill as a pure function of facts: ``assemble(terms, facts, tariffs) -> Prepared | Held | Excepted``.

Preview, posting, explanation and the nightly re-making of old bills are this one call.
"""

from billing.assembly.assemble import assemble
from billing.assembly.facts import (
    AccountFacts,
    EarlierUse,
    RegisterFacts,
    ServiceFacts,
    TablePart,
    Terms,
)
from billing.assembly.results import BillLine, Excepted, Held, Prepared, ServicePeriod, UsedReading

__all__ = [
    "AccountFacts",
    "BillLine",
    "EarlierUse",
    "Excepted",
    "Held",
    "Prepared",
    "RegisterFacts",
    "ServiceFacts",
    "ServicePeriod",
    "TablePart",
    "Terms",
    "UsedReading",
    "assemble",
]
