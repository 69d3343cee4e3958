"""Whether what a run's bills were worked out from is still so, read again before each step that trusts it.

Readings are not compared: newer ones come every day and wait for the next bill, and one that is corrected
has its bill made again at once (``billing.reading_uses``).
"""

from collections.abc import Iterator, Mapping, Sequence

from billing.assembly import AccountFacts, Excepted, Held, Prepared, ServiceFacts, Terms, assemble
from billing.checking import checks_of, keep, measures_of
from billing.gather import facts_now, read_rates, tariffs_by_hash
from billing.holds import remake_totals
from billing.models import PreparedBill, Run
from billing.preparing import terms_of
from billing.review.measures import services_due
from core.errors import Conflict
from customers.models import Account
from meters.models import ServiceType
from rates.engine import Tariff
from rates.in_force import none_is_put_in_force_now

REASON = "changed_since"
_NAMED = 5
_OF_THE_ACCOUNT = {
    "category": "the class",
    "inside": "whether it is inside the city limits",
    "no_bill": "whether it is billed",
    "on_hold": "the hold",
    "exempt_tax_codes": "the tax exemptions",
    "bank_draft": "the bank draft",
}
"""Facts of an account that a bill rests on, in words; its number and its services are told otherwise."""


def changed_since(run: Run, *, states: Sequence[str], chunk: int | None = None) -> dict[int, str]:
    """Accounts whose bill would come out otherwise by what is there now, each with what changed, in words.

    Looked at are bills staged in these ``states``: what a ready bill charges, for which days, and whether it
    stays ready; of an account that is not billed, whether it would be.  Of held ones the cause is being
    mended, and they are not posted.  Four queries for each chunk, or for one ``chunk``.
    """
    terms, rates = terms_of(run), read_rates()
    rows = PreparedBill.objects.filter(run=run, state__in=states)
    if chunk is not None:
        rows = rows.filter(chunk=chunk)
    found: dict[int, str] = {}
    for number in rows.order_by("chunk").values_list("chunk", flat=True).distinct():
        there = rows.filter(chunk=number).order_by("account_id").values_list("facts", "released")
        kept = [(AccountFacts.from_json(facts), frozenset(released)) for facts, released in there]
        now_of = {f.account_id: f for f in facts_now([was for was, _ in kept], terms, run.bill_on, rates)}
        old = {digest for was, _ in kept for digest in was.tariff_hashes} - rates.tariffs.keys()
        tariffs = {**tariffs_by_hash(old), **rates.tariffs} if old else rates.tariffs
        for was, released in kept:
            now = now_of.get(was.account_id)
            if now is None or (now != was and _differs(terms, was, now, tariffs, released)):
                found[was.account_id] = "; ".join(_told(was, now) if now else ()) or "the account"
    return found


def _differs(
    terms: Terms,
    was: AccountFacts,
    now: AccountFacts,
    tariffs: Mapping[str, Tariff],
    released: frozenset[str],
) -> bool:
    """Whether another bill is made of what is there now."""
    before, after = (_outcome(assemble(terms, facts, tariffs, released)) for facts in (was, now))
    return before != after


def _outcome(made: Prepared | Held | Excepted) -> tuple[object, ...]:
    if isinstance(made, Prepared):
        return made.charge_hash(), tuple(made.periods), tuple(made.readings)
    return (type(made), made.reason) if isinstance(made, Held) else (type(made),)


AGAIN = "Prepare the run again, so that the bills are made from what is there now."


def require_still_true(run: Run, *, states: Sequence[str] = ("ready",), remedy: str = AGAIN) -> None:
    """Raises ``Conflict`` that says what changed since the run was prepared, and for how many accounts."""
    found = changed_since(run, states=states)
    if not found:
        return
    raise Conflict(
        "Since the run was prepared, something was changed that bills of it rest on:"
        f" {'; '.join(_summed_up(found))}.",
        remedy,
        code="changed",
    )


def _summed_up(found: Mapping[int, str]) -> Iterator[str]:
    """What changed with how many accounts it concerns and one of them, the most first."""
    alike: dict[str, list[int]] = {}
    for account_id, what in found.items():
        alike.setdefault(what, []).append(account_id)
    most = sorted(alike.items(), key=lambda of: -len(of[1]))[:_NAMED]
    numbers = Account.objects.in_bulk([ids[0] for _, ids in most])
    for what, ids in most:
        one = numbers[ids[0]].number
        yield (
            f"{what} (account {one})"
            if len(ids) == 1
            else f"{what} ({len(ids):,} accounts, {one} one of them)"
        )
    if len(alike) > _NAMED:
        yield "and more"


def hold_what_changed(run: Run, chunk: int) -> int:
    """Hold those of a chunk's ready bills whose facts changed since they were approved; returns how many.

    The next run bills their days from the facts as they are then.  Until the transaction ends no version of
    a rate table is put in force.
    """
    none_is_put_in_force_now()
    found = changed_since(run, states=("ready",), chunk=chunk)
    if not found:
        return 0
    rows = list(PreparedBill.objects.filter(run=run, account__in=list(found)))
    for row in rows:
        row.state, row.reason, row.at_risk = "held", REASON, abs(row.total)
        row.detail = f"Changed since the run was approved: {found[row.account_id]}."[:300]
    PreparedBill.objects.bulk_update(rows, ["state", "reason", "detail", "at_risk"])
    remake_totals(run, chunk)
    return len(rows)


def count_what_was_held(run: Run) -> None:
    """Have the counts of a posted run say what posting held; the caller saves its ``checks``."""
    rows = PreparedBill.objects.filter(run=run, state="held", reason=REASON).values_list("facts", flat=True)
    measures, terms = measures_of(run), terms_of(run)
    for facts in rows:
        services = len(services_due(terms, AccountFacts.from_json(facts)))
        measures.counts["services_ready"] -= services
        measures.counts["services_held"] += services
    if rows:
        keep(run, checks_of(run), measures)


def _told(was: AccountFacts, now: AccountFacts) -> Iterator[str]:
    for name, words in _OF_THE_ACCOUNT.items():
        if getattr(was, name) != getattr(now, name):
            yield words
    before, after = _services(was.services), _services(now.services)
    for service_id in before.keys() | after.keys():
        old, new = before.get(service_id), after.get(service_id)
        if old is None or new is None:
            there = new or old
            assert there is not None
            yield f"{_name(there)} {'came' if new else 'is billed or ended'}"
        elif old != new:
            yield from _of_service(old, new)


def _of_service(old: ServiceFacts, new: ServiceFacts) -> Iterator[str]:
    name = _name(new)
    if old.rate_code != new.rate_code:
        yield f"the rate of {name}, {old.rate_code}, now {new.rate_code}"
    elif (old.tariff_hash, old.parts, old.billed_in) != (new.tariff_hash, new.parts, new.billed_in):
        yield f"rate {new.rate_code}, which has another version in force"
    if old.registers != new.registers or old.meter_size != new.meter_size:
        yield f"the meter of {name}"
    others = ("starts", "ends", "billed_to", "units", "attributes", "metered")
    if any(getattr(old, other) != getattr(new, other) for other in others):
        yield name


def _services(services: Sequence[ServiceFacts]) -> Mapping[int, ServiceFacts]:
    return {s.service_id: s for s in services}


def _name(service: ServiceFacts) -> str:
    return f"the {ServiceType(service.service_type).label.lower()} service"
