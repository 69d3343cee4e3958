"""Preparing a chunk of a run: gather, assemble in memory, look again, stage."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.assembly import AccountFacts, Excepted, Held, Prepared, Terms, assemble
from billing.gather import read_facts, read_rates, read_routes
from billing.history import read_past
from billing.models import PreparedBill, Run
from billing.policies import BREAKERS, HOLD_LEAST, HOLD_OVER, HOLD_TIMES, HOLD_USE_TIMES, MAX_DAYS, MIN_DAYS
from billing.review.looks import Limits, Result, at_risk, look_again, unbilled_use
from billing.review.measures import Measures, state_of
from billing.review.past import NO_PAST, Past
from billing.run_totals import StagedBill, make_totals
from core import policies
from core.bulk import Same, array_literal, insert_columns
from core.errors import Conflict
from core.money import ZERO


def terms_today(run: Run) -> dict[str, Any]:
    """The policies a run is prepared under, kept with it; raises ``PolicyUnset`` for one never set."""
    on = run.bill_on
    return {
        "hold_over": str(policies.amount(HOLD_OVER, on)),
        "max_days": int(policies.required(MAX_DAYS, on)),
        "min_days": int(policies.required(MIN_DAYS, on)),
        "hold_times": int(policies.required(HOLD_TIMES, on)),
        "hold_least": str(policies.amount(HOLD_LEAST, on)),
        "hold_use_times": int(policies.required(HOLD_USE_TIMES, on)),
        "breakers": {p.code.removeprefix("billing."): str(policies.required(p.code, on)) for p in BREAKERS},
    }


def terms_of(run: Run) -> Terms:
    """The terms for assembly, from what the run keeps."""
    return Terms(run.starts, run.ends, Decimal(run.terms["hold_over"]), run.terms["max_days"])


def limits_of(run: Run) -> Limits:
    """The terms of the second look; raises ``Conflict`` when the run was prepared before there was one."""
    kept = run.terms
    if "hold_times" not in kept:
        raise Conflict(
            "The run was prepared before bills were compared with their past.", "Prepare it again."
        )
    return Limits(kept["hold_times"], Decimal(kept["hold_least"]), kept["hold_use_times"], kept["min_days"])


@dataclass(frozen=True, slots=True)
class Said:
    """What people said about an account's bill in this run: reasons let through, and a hold by hand."""

    released: tuple[str, ...] = ()
    held_by: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Looked:
    """An account as it will be staged."""

    facts: AccountFacts
    result: Result
    past: Past
    said: Said
    route_id: int
    charge_hash: str

    @property
    def bill(self) -> Prepared | None:
        """The bill that could be made, held or not."""
        return self.result if isinstance(self.result, Prepared) else getattr(self.result, "prepared", None)

    @property
    def why(self) -> tuple[str, str]:
        """Reason and detail of a hold or an exception."""
        return ("", "") if isinstance(self.result, Prepared) else (self.result.reason, self.result.detail)

    @property
    def warnings(self) -> list[str]:
        """What is worth a look."""
        if self.bill is not None:
            return list(self.bill.warnings)
        return ["unbilled_use"] if isinstance(self.result, Excepted) and unbilled_use(self.facts) else []


def prepare_accounts(run: Run, chunk: int, account_ids: Sequence[int]) -> list[Looked]:
    """Stage one row per account, replacing what an earlier attempt staged.

    Runs inside the chunk's transaction.  A bill that a person released stays released, and one held by
    hand stays held: what they said is kept with the staged row.
    """
    terms, limits, rates = terms_of(run), limits_of(run), read_rates()
    staged = _staged(run, account_ids)
    said = {account_id: heard for account_id, (_, heard) in staged.items()}
    facts = read_facts(account_ids, terms, run.bill_on, rates)
    past, routes = read_past(run, account_ids), read_routes(account_ids)
    if staged:
        PreparedBill.objects.filter(id__in=[prepared_id for prepared_id, _ in staged.values()]).delete()
    found = []
    for f in facts:
        heard, before = said.get(f.account_id, Said()), past.get(f.account_id, NO_PAST)
        released = frozenset(heard.released)
        made = assemble(terms, f, rates.tariffs, released)
        result = _by_hand(heard, look_again(limits, terms, f, made, before, released))
        bill = result if isinstance(result, Prepared) else getattr(result, "prepared", None)
        mark = bill.charge_hash() if bill else ""
        found.append(Looked(f, result, before, heard, routes[f.account_id], mark))
    _store(run, chunk, found)
    return found


def prepare_chunk(run: Run, chunk: int, account_ids: Sequence[int]) -> dict[str, Any]:
    """A whole chunk with its totals; returns counts by state and what the run's checks are made from."""
    found = prepare_accounts(run, chunk, account_ids)
    make_totals(run.id, chunk, [staged for one in found if (staged := staged_bill(one))])
    measures, terms = Measures(), terms_of(run)
    counts = {"ready": 0, "held": 0, "excepted": 0}
    for one in found:
        counts[state_of(one.result)] += 1
        measures.add(terms, one.facts, one.result, one.past, str(one.route_id))
        measures.list({one.why[0], *one.said.released} if one.bill or one.why[0] else (), one.warnings)
    return {**counts, "hash": _chunk_hash(found), "measures": measures.as_json()}


def _chunk_hash(found: Sequence[Looked]) -> str:
    """The same as ``chunk_hashes`` gives of the rows; facts come ascending by account."""
    seen = (f"{one.facts.account_id}|{state_of(one.result)}|{one.charge_hash}\n" for one in found)
    return hashlib.sha256("".join(seen).encode()).hexdigest()


def staged_bill(one: Looked) -> StagedBill | None:
    """What the totals count of an account; nothing without a bill."""
    if one.bill is None:
        return None
    services = {s.service_id: (s.service_type, s.rate_code) for s in one.facts.services}
    return StagedBill(state_of(one.result), one.route_id, one.facts.category, services, one.bill.lines)


# Each account is looked up by itself: while a run is being staged nobody has counted its rows yet, and a
# plan for "all of these accounts" reads everything the run has so far, once for each part of it.
_STAGED = """
SELECT p.account_id, p.id, p.released, p.held_by, p.detail
FROM unnest(%s::bigint[]) v(id)
CROSS JOIN LATERAL (
    SELECT o.account_id, o.id, o.released, o.held_by, o.detail FROM billing_preparedbill o
    WHERE o.run_id = %s AND o.account_id = v.id OFFSET 0
) p
"""


def _staged(run: Run, account_ids: Sequence[int]) -> Mapping[int, tuple[int, Said]]:
    """What an earlier attempt staged: the row's id, and what people said about it."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGED, [array_literal(account_ids), run.id])
        return {
            account_id: (prepared_id, Said(_reasons(released), held_by, detail if held_by else ""))
            for account_id, prepared_id, released, held_by, detail in cursor.fetchall()
        }


def _reasons(kept: Any) -> tuple[str, ...]:
    return tuple(json.loads(kept) if isinstance(kept, str) else kept)


def _by_hand(said: Said, result: Result) -> Result:
    if not said.held_by or isinstance(result, Excepted):
        return result
    return Held("by_hand", said.why, result if isinstance(result, Prepared) else result.prepared)


def _store(run: Run, chunk: int, found: Sequence[Looked]) -> None:
    bills = [one.bill for one in found]
    insert_columns(
        PreparedBill,
        {
            "run_id": Same(run.id),
            "account_id": [one.facts.account_id for one in found],
            "chunk": Same(chunk),
            "state": [state_of(one.result) for one in found],
            "reason": [one.why[0] for one in found],
            "detail": [one.why[1][:300] for one in found],
            "starts": [b and b.starts for b in bills],
            "ends": [b and b.ends for b in bills],
            "total": [b.total if b else ZERO for b in bills],
            "facts": [_text(one.facts.as_json()) for one in found],
            "lines": [_text([line.as_json() for line in b.lines] if b else []) for b in bills],
            "measured": [_text(_measured(b)) for b in bills],
            "charge_hash": [one.charge_hash for one in found],
            "warnings": [_text(one.warnings) for one in found],
            "released": [_text(sorted(one.said.released)) for one in found],
            "usual": [one.past.usual for one in found],
            "at_risk": [at_risk(one.result, one.past) for one in found],
            "held_by": [one.said.held_by if one.why[0] == "by_hand" else "" for one in found],
        },
    )


def _measured(bill: Prepared | None) -> list[Any]:
    if bill is None:
        return []
    return [[p.as_json() for p in bill.periods], [r.as_json() for r in bill.readings]]


def _text(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"))


def chunk_hashes(run: Run, only: int | None = None) -> dict[str, str]:
    """Per chunk a SHA-256 over account, state and charges of its bills: what an approval is bound to."""
    digests: dict[int, Any] = {}
    rows = PreparedBill.objects.filter(run=run).order_by("chunk", "account_id")
    if only is not None:
        rows = rows.filter(chunk=only)
    for chunk, account_id, state, charge_hash in rows.values_list(
        "chunk", "account_id", "state", "charge_hash"
    ).iterator(5000):
        shown = "ready" if state == "posted" else state
        digests.setdefault(chunk, hashlib.sha256()).update(f"{account_id}|{shown}|{charge_hash}\n".encode())
    return {str(chunk): digest.hexdigest() for chunk, digest in digests.items()}
