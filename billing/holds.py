"""One bill of a prepared run held back by a person, or let through with a reason."""

from collections.abc import Callable

from billing.assembly import AccountFacts, BillLine
from billing.checking import checks_of, keep, measures_of
from billing.gather import read_routes
from billing.models import PreparedBill, Run
from billing.preparing import chunk_hashes, prepare_accounts, terms_of
from billing.review.measures import services_due
from billing.run_lock import locked_run, not_at_work
from billing.run_totals import StagedBill, make_totals
from core.actors import Actor
from core.errors import Conflict, Refused
from core.operations import note, operation


@operation("billing.bill.release", permission="billing.run.review")
def release_bill(by: Actor, *, run_id: int, account_id: int, why: str) -> int:
    """Let one held bill through after a look; the run must be reviewed again.  Returns the row's id.

    A bill with another reason to be held stays held, for that one.
    """
    run, row = _taken(run_id, account_id)
    if row is None or row.state != "held":
        raise Conflict("That bill is not held.", "Look at the run again.")
    if not why.strip():
        raise Refused("A release needs a reason.", "Say what you checked.", field="why")
    if not row.charge_hash:
        raise Refused(f"There is no bill to release: {row.detail}", "Mend the cause, then prepare again.")
    note(account=account_id, reason=row.reason)
    if row.held_by:
        row.held_by = ""
    else:
        row.released = sorted({*row.released, row.reason})
    row.save(update_fields=["released", "held_by"])
    return _changed(run, row, lambda: prepare_accounts(run, row.chunk, [account_id]))


@operation("billing.bill.hold", permission="billing.run.review")
def hold_bill(by: Actor, *, run_id: int, account_id: int, why: str) -> int:
    """Hold one good bill back by hand; the run must be reviewed again.  Returns the row's id.

    It stays held when the run is prepared again, until somebody releases it.
    """
    run, row = _taken(run_id, account_id)
    if row is None or row.state != "ready":
        raise Conflict("That bill would not be posted anyway.", "Look at the run again.")
    if not why.strip():
        raise Refused("A hold needs a reason.", "Say what is to be looked at.", field="why")

    def hold() -> None:
        row.state, row.reason, row.detail, row.held_by = "held", "by_hand", why.strip()[:300], by.ref
        row.at_risk = abs(row.total)
        row.save(update_fields=["state", "reason", "detail", "held_by", "at_risk"])

    return _changed(run, row, hold)


def _taken(run_id: int, account_id: int) -> tuple[Run, PreparedBill | None]:
    run = locked_run(run_id, ("prepared", "reviewed"), "changed")
    not_at_work(run)
    return run, PreparedBill.objects.select_for_update().filter(run=run, account=account_id).first()


def _changed(run: Run, row: PreparedBill, change: Callable[[], object]) -> int:
    """Change one row, and with it the totals, the count of services and the fingerprint of its chunk."""
    was = row.state
    change()
    now = PreparedBill.objects.get(run=run, account=row.account_id)
    remake_totals(run, row.chunk)
    measures = measures_of(run)
    services = len(services_due(terms_of(run), AccountFacts.from_json(now.facts)))
    measures.counts[f"services_{was}"] -= services
    measures.counts[f"services_{now.state}"] += services
    keep(run, checks_of(run), measures)
    run.seen = {**run.seen, **chunk_hashes(run, row.chunk)}
    run.state, run.reviewed_by, run.reviewed_at = "prepared", "", None
    run.save(update_fields=["state", "reviewed_by", "reviewed_at", "seen", "checks"])
    return int(now.id)


def remake_totals(run: Run, chunk: int) -> None:
    """A chunk's totals anew from its staged bills."""
    rows = PreparedBill.objects.filter(run=run, chunk=chunk, state__in=("ready", "held")).exclude(
        charge_hash=""
    )
    staged = list(rows.values_list("account_id", "state", "facts", "lines"))
    routes = read_routes([account_id for account_id, *_ in staged])
    bills = []
    for account_id, state, kept, lines in staged:
        facts = AccountFacts.from_json(kept)
        services = {s.service_id: (s.service_type, s.rate_code) for s in facts.services}
        read = [BillLine.from_json(line) for line in lines]
        bills.append(StagedBill(state, routes[account_id], facts.category, services, read))
    make_totals(run.id, chunk, bills)
