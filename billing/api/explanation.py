"""A bill's lines with the arithmetic behind each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from billing.assembly import AccountFacts
from billing.models import Bill, RegisterUse
from billing.statements import explained
from ledger.models import Charge
from rates.engine import Step


@dataclass(frozen=True, slots=True)
class Charged:
    """A charge, the content hash of the rate version it followed, and its steps."""

    charge: Charge
    rate_hash: str
    steps: Sequence[Step]


def explanation(bill: Bill) -> dict[str, Any]:
    """The bill, its lines, its readings; ``problem`` when its facts no longer give it.  Five queries."""
    hashes = {s.service_id: s.tariff_hash for s in AccountFacts.from_json(bill.prepared.facts).services}
    steps: dict[tuple[int, str], Sequence[Step]] = {}
    problem = ""
    try:
        steps = {(line.service_id, line.component): line.steps for line in explained(bill).lines}
    except LookupError as lost:
        problem = str(lost)
    charges = Charge.objects.filter(journal=bill.journal_id).order_by("id") if bill.journal_id else ()
    uses = RegisterUse.objects.filter(bill=bill).select_related(
        "from_reading", "to_reading", "register__meter"
    )
    return {
        "bill": bill,
        "lines": [
            Charged(c, hashes.get(c.service_id or 0, ""), steps.get((c.service_id or 0, c.component), ()))
            for c in charges
        ],
        "readings": uses.order_by("id"),
        "problem": problem,
    }
