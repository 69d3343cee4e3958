"""A prepared bill made again from its facts, with the arithmetic behind each line."""

from billing.assembly import AccountFacts, Held, Prepared, assemble
from billing.gather import tariffs_by_hash
from billing.models import PreparedBill
from billing.preparing import terms_of


def made_again(row: PreparedBill) -> Prepared | None:
    """The bill that the row's facts give, held or not; ``None`` when they give none.  Two queries at most."""
    facts = AccountFacts.from_json(row.facts)
    tariffs = tariffs_by_hash({s.tariff_hash for s in facts.services})
    made = assemble(terms_of(row.run), facts, tariffs, frozenset(row.released))
    if isinstance(made, Held):
        return made.prepared
    return made if isinstance(made, Prepared) else None
