"""Bills of a prepared run held back by a person, or let through with a reason."""

from collections.abc import Callable, Sequence

from billing.assembly import AccountFacts, BillLine
from billing.checking import checks_of, keep, measures_of
from billing.gather import read_routes
from billing.models import PreparedBill, Run
from billing.preparing import chunk_hashes, prepare_accounts, terms_of
from billing.review.measures import services_due
from billing.run_lock import locked_run, not_at_work
from billing.run_totals import StagedBill, make_totals
from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import note, operation


@operation("billing.bill.release", permission="billing.run.review")
def release_bill(by: Actor, *, run_id: int, account_id: int, why: str) -> int:
    """Let one held bill through after a look; the run must be reviewed again.  Returns the row's id.

    A bill with another reason to be held stays held, for that one.
    """
    return _released(run_id, [account_id], why)[0]


@operation("billing.bill.release_several", permission="billing.run.review")
def release_bills(by: Actor, *, run_id: int, account_ids: Sequence[int], why: str) -> int:
    """``release_bill`` for several of a run at once; all or none.  Returns how many."""
    return len(_released(run_id, account_ids, why))


def _released(run_id: int, account_ids: Sequence[int], why: str) -> list[int]:
    run, rows = _taken(run_id, account_ids)
    if not rows:
        raise NotFound(f"Run {run_id} has no bill of that account.", "Choose one of the run’s bills.")
    if len(rows) != len(set(account_ids)) or any(row.state != "held" for row in rows):
        raise Conflict("That bill is not held.", "Look at the run again.")
    if not why.strip():
        raise Refused("A release needs a reason.", "Say what you checked.", field="why")
    for row in rows:
        if not row.charge_hash:
            raise Refused(f"There is no bill to release: {row.detail}", "Mend the cause, then prepare again.")
        if row.held_by:
            row.held_by = ""
        else:
            row.released = sorted({*row.released, row.reason})
    note(accounts=[row.account_id for row in rows], reasons=sorted({row.reason for row in rows}))
    PreparedBill.objects.bulk_update(rows, ["released", "held_by"])

    def again() -> None:
        for chunk, accounts in _by_chunk(rows).items():
            prepare_accounts(run, chunk, accounts)

    return _changed(run, rows, again)


@operation("billing.bill.hold", permission="billing.run.review")
def hold_bill(by: Actor, *, run_id: int, account_id: int, why: str) -> int:
    """Hold one good bill back by hand; the run must be reviewed again.  Returns the row's id.

    It stays held when the run is prepared again, until somebody releases it.
    """
    run, rows = _taken(run_id, [account_id])
    if not rows:
        raise NotFound(f"Run {run_id} has no bill of that account.", "Choose one of the run’s bills.")
    if rows[0].state != "ready":
        raise Conflict("That bill would not be posted anyway.", "Look at the run again.")
    if not why.strip():
        raise Refused("A hold needs a reason.", "Say what is to be looked at.", field="why")

    (row,) = rows

    def hold() -> None:
        row.state, row.reason, row.detail, row.held_by = "held", "by_hand", why.strip()[:300], by.ref
        row.at_risk = abs(row.total)
        row.save(update_fields=["state", "reason", "detail", "held_by", "at_risk"])

    return _changed(run, rows, hold)[0]


def make_again(run_id: int, account_ids: Sequence[int]) -> None:
    """Make these bills of a prepared run again, since what they were made from has changed.

    The run must be reviewed again.  Called inside an operation; raises ``Conflict`` while the run is at work.
    """
    run, rows = _taken(run_id, account_ids)

    def again() -> None:
        for chunk, accounts in _by_chunk(rows).items():
            prepare_accounts(run, chunk, accounts)

    _changed(run, rows, again)


def _taken(run_id: int, account_ids: Sequence[int]) -> tuple[Run, list[PreparedBill]]:
    run = locked_run(run_id, ("prepared", "reviewed"), "changed")
    not_at_work(run)
    rows = PreparedBill.objects.select_for_update().filter(run=run, account__in=account_ids)
    return run, list(rows.order_by("account_id"))


def _by_chunk(rows: Sequence[PreparedBill]) -> dict[int, list[int]]:
    """The accounts of these rows under the chunk they are in."""
    found: dict[int, list[int]] = {}
    for row in rows:
        found.setdefault(row.chunk, []).append(row.account_id)
    return found


def _changed(run: Run, rows: Sequence[PreparedBill], change: Callable[[], object]) -> list[int]:
    """Change rows, and with them the totals, the count of services and the fingerprints of their chunks."""
    was = {row.account_id: row.state for row in rows}
    change()
    now = PreparedBill.objects.filter(run=run, account__in=list(was)).order_by("account_id")
    measures, terms, ids = measures_of(run), terms_of(run), []
    for row in now:
        services = len(services_due(terms, AccountFacts.from_json(row.facts)))
        measures.counts[f"services_{was[row.account_id]}"] -= services
        measures.counts[f"services_{row.state}"] += services
        ids.append(int(row.id))
    keep(run, checks_of(run), measures)
    for chunk in _by_chunk(rows):
        remake_totals(run, chunk)
        run.seen = {**run.seen, **chunk_hashes(run, chunk)}
    run.state, run.reviewed_by, run.reviewed_at = "prepared", "", None
    run.save(update_fields=["state", "reviewed_by", "reviewed_at", "seen", "checks"])
    return ids


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
