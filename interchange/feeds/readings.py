"""Reads of any file, staged and recorded: what the feeds of readings share."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.actors import Actor
from interchange.feeds.feed import Ground, Staged, Staging
from interchange.feeds.judging import Claim, Verdict, doubles, figures, judge, place_of
from interchange.feeds.register_facts import accounts_of, meters_of
from interchange.layouts import Fault
from interchange.models import ImportRow
from meters.judging import KnownRegister, Usual, plain
from meters.models import Register
from meters.operations import NewReading, record_batch
from meters.ranges import ranges_of
from meters.reading_facts import histories_of, readings_on, usual_on

# Lines looked up at a time: each block costs five queries.
BLOCK = 10_000

UNKNOWN = frozenset({"unknown_meter", "unknown_account"})

Placed = tuple[Claim, KnownRegister | None, list[Fault]]


def day_of(read_at: datetime | date, ground: Ground) -> date:
    """The day of a read: a time with a zone is taken to the utility's, one without is its wall time."""
    if not isinstance(read_at, datetime):
        return read_at
    return (read_at.astimezone(ground.zone) if read_at.tzinfo else read_at).date()


def stage_claims(claims: Sequence[Claim], ground: Ground) -> Staging:
    """All claims of a file, judged; a file of which more than half is unknown here is refused as a whole."""
    usual = usual_on(ground.today)
    placed = [one for start in _blocks(claims) for one in _place(claims[start : start + BLOCK], ground)]
    strange = _strangers(placed)
    if strange:
        return Staging((), (strange,))
    twice = doubles([(claim, register) for claim, register, _ in placed if register], ground)
    for claim, _, faults in placed:
        if claim.line in twice:
            faults.append(twice[claim.line])
    rows = [row for start in _blocks(placed) for row in _judged(placed[start : start + BLOCK], usual, ground)]
    return Staging(rows, () if usual.high_times is not None else (_not_looked_for(),))


def _blocks(items: Sequence[Any]) -> range:
    return range(0, len(items), BLOCK)


def _place(claims: Sequence[Claim], ground: Ground) -> Iterator[Placed]:
    accounts, meters = accounts_of(claims), meters_of(claims)
    for claim in claims:
        register, faults = place_of(claim, ground, accounts, meters)
        if register is not None:
            faults += figures(claim, register, ground)
        yield claim, register, faults


def _judged(placed: Sequence[Placed], usual: Usual, ground: Ground) -> Iterator[Staged]:
    sound = [(c, r) for c, r, faults in placed if r and not any(f.level == "row" for f in faults)]
    histories = histories_of([register.id for _, register in sound])
    that_day = readings_on([(register.id, claim.on) for claim, register in sound])
    normal = ranges_of([register.id for _, register in sound], ground.today)
    to_judge = {claim.line for claim, _ in sound}
    for claim, register, faults in placed:
        verdict = Verdict(())
        again = any(fault.code == "same_again" for fault in faults)
        if register is not None and claim.line in to_judge and not again:
            past, same = histories.get(register.id, []), that_day.get((register.id, claim.on))
            known = replace(register, normal=normal.get(register.id))
            verdict = judge(claim, known, past, same, usual, ground)
        yield Staged(
            claim.line,
            claim.raw,
            _values(claim, register, verdict),
            [*faults, *verdict.faults],
            there_already=again or verdict.there_already,
        )


def _values(claim: Claim, register: KnownRegister | None, verdict: Verdict) -> dict[str, Any]:
    return {
        "account": claim.account,
        "meter": claim.meter,
        "register": claim.register,
        "on": str(claim.on),
        "dial": plain(claim.dial),
        "unit": register.unit if register else claim.unit,
        "source": claim.source,
        "register_id": register.id if register else None,
        "before": verdict.before,
        "rolled_over": verdict.rolled_over,
        "use": None if verdict.use is None else plain(verdict.use),
    }


def _strangers(placed: Sequence[Placed]) -> Fault | None:
    """The fault of a file that is not about this utility."""
    unknown = [faults[0] for _, _, faults in placed if any(fault.code in UNKNOWN for fault in faults)]
    if len(unknown) * 2 <= len(placed):
        return None
    first = unknown[0]
    return Fault(
        0,
        "",
        "file",
        "strangers",
        f"{len(unknown):,} of {len(placed):,} lines name accounts or meters that are not known here;"
        f" the first is {first.place[0].lower()}{first.place[1:]}: {first.problem}",
        "Is this the file of another utility? Check where it came from; nothing of it is used.",
    )


def _not_looked_for() -> Fault:
    return Fault(
        0,
        "",
        "warning",
        "policy_unset",
        "High use was not looked for: the policy “High use, in times the average” is not set.",
        "Set it under Policies › Meters and scan the file again.",
    )


def apply_readings(by: Actor, import_id: int, rows: Sequence[ImportRow]) -> Mapping[int, Fault]:
    """Record the staged reads; returns those left out, by row id, because readings came in since the scan."""
    wanted = [(int(row.values["register_id"]), date.fromisoformat(row.values["on"])) for row in rows]
    # Two files about one register wait for each other, so that what is checked here stays true.
    ids = [register_id for register_id, _ in wanted]
    list(Register.objects.select_for_update().filter(id__in=ids).order_by("id").values_list("id"))
    histories = histories_of(ids)
    left_out: dict[int, Fault] = {}
    new = []
    for row, (register_id, on) in zip(rows, wanted, strict=True):
        past = histories.get(register_id, [])
        if (past[-1].id if past else None) != row.values["before"]:
            problem = f"Another reading of {past[-1].on:%b %-d, %Y} came in since the file was scanned."
            remedy = "Send this line again; it is then judged anew."
            left_out[row.id] = Fault(row.line, "", "row", "changed_since", problem, remedy)
            continue
        value = row.values
        new.append(NewReading(register_id, on, Decimal(value["dial"]), value["source"], value["rolled_over"]))
    if new:
        record_batch(by, rows=new, came_from=f"import:{import_id}")
    return left_out
