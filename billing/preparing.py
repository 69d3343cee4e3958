"""Preparing a chunk of a run: gather, assemble in memory, stage."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from billing.assembly import AccountFacts, Excepted, Held, Prepared, Terms, assemble
from billing.gather import read_facts, read_rates
from billing.models import PreparedBill, Run
from billing.policies import HOLD_OVER, MAX_DAYS
from core import policies
from core.bulk import Same, insert_columns
from core.money import ZERO

Result = Prepared | Held | Excepted


def terms_today(run: Run) -> dict[str, Any]:
    """The policies a run is prepared under, kept with it; raises ``PolicyUnset`` for one never set."""
    return {
        "hold_over": str(policies.amount(HOLD_OVER, run.bill_on)),
        "max_days": int(policies.required(MAX_DAYS, run.bill_on)),
    }


def terms_of(run: Run) -> Terms:
    """The terms for assembly, from what the run keeps."""
    return Terms(run.starts, run.ends, Decimal(run.terms["hold_over"]), run.terms["max_days"])


def prepare_accounts(run: Run, chunk: int, account_ids: Sequence[int]) -> dict[str, int]:
    """Stage one row per account, replacing what an earlier attempt staged; returns counts by state.

    Runs inside the chunk's transaction.  A bill that a person released stays released: what they let
    through is kept with the staged row and handed to assembly again.
    """
    terms, rates = terms_of(run), read_rates()
    released = _released(run, account_ids)
    facts = read_facts(account_ids, terms, run.bill_on, rates)
    PreparedBill.objects.filter(run=run, account__in=account_ids).delete()
    results = [(f, assemble(terms, f, rates.tariffs, released.get(f.account_id, frozenset()))) for f in facts]
    _store(run, chunk, results, released)
    counts = {"ready": 0, "held": 0, "excepted": 0}
    for _, result in results:
        counts[_state(result)] += 1
    return counts


def _released(run: Run, account_ids: Sequence[int]) -> Mapping[int, frozenset[str]]:
    rows = PreparedBill.objects.filter(run=run, account__in=account_ids).values_list("account_id", "released")
    return {account_id: frozenset(reasons) for account_id, reasons in rows if reasons}


def _state(result: Result) -> str:
    return {Prepared: "ready", Held: "held", Excepted: "excepted"}[type(result)]


def _store(
    run: Run,
    chunk: int,
    results: Sequence[tuple[AccountFacts, Result]],
    released: Mapping[int, frozenset[str]],
) -> None:
    bills = [r if isinstance(r, Prepared) else getattr(r, "prepared", None) for _, r in results]
    reasons = [("", "") if isinstance(r, Prepared) else (r.reason, r.detail) for _, r in results]
    insert_columns(
        PreparedBill,
        {
            "run_id": Same(run.id),
            "account_id": [f.account_id for f, _ in results],
            "chunk": Same(chunk),
            "state": [_state(r) for _, r in results],
            "reason": [reason for reason, _ in reasons],
            "detail": [detail[:300] for _, detail in reasons],
            "starts": [b and b.starts for b in bills],
            "ends": [b and b.ends for b in bills],
            "total": [b.total if b else ZERO for b in bills],
            "facts": [_text(f.as_json()) for f, _ in results],
            "lines": [_text([line.as_json() for line in b.lines] if b else []) for b in bills],
            "measured": [_text(_measured(b)) for b in bills],
            "charge_hash": [b.charge_hash() if b else "" for b in bills],
            "warnings": [_text(list(b.warnings) if b else []) for b in bills],
            "released": [_text(sorted(released.get(f.account_id, ()))) for f, _ in results],
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
