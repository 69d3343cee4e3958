"""Reads of a hand-held reader or a typed sheet."""

from collections.abc import Iterator, Sequence

from interchange.feeds.feed import Feed, Ground, Staging
from interchange.feeds.judging import Claim
from interchange.feeds.readings import apply_readings, day_of, stage_claims
from interchange.layouts import Fault
from interchange.layouts.handheld_reads import HANDHELD_READS, HandheldRead, read_handheld_reads

_SOURCES = {"actual": "A", "estimate": "E", "customer": "C"}


def _parse(content: bytes) -> Iterator[HandheldRead | Fault]:
    """As the layout reads it; a skipped meter has no read to take and is named for the office."""
    for item in read_handheld_reads(content):
        if isinstance(item, HandheldRead) and item.read is None:
            problem = f"The reader skipped meter {item.meter_id}."
            remedy = "Read it again, or let the read be estimated."
            yield Fault(item.line, "code", "row", "no_read", problem, remedy, item.raw)
        else:
            yield item


def _stage(reads: Sequence[HandheldRead], ground: Ground) -> Staging:
    return stage_claims([_claim(read, ground) for read in reads], ground)


def _claim(read: HandheldRead, ground: Ground) -> Claim:
    if read.read is None:
        raise TypeError("A skipped meter makes no claim.")
    return Claim(
        line=read.line,
        raw=read.raw,
        account=read.account_number,
        meter=read.meter_id,
        register=read.register,
        dial=read.read,
        on=day_of(read.read_at, ground),
        source=_SOURCES[read.code],
    )


HANDHELD = Feed(
    code="handheld_reads",
    title="Hand-held reads",
    about="A plain sheet: CSV with account, meter, register, read, date and code (A actual, E estimated,"
    " C read by the customer, S skipped). Reads are in the unit of the register.",
    layout=HANDHELD_READS,
    parse=_parse,
    stage=_stage,
    apply=apply_readings,
    permission="readings.import",
    approval="readings.approve",
    known_by=(("account_number", "account"), ("meter_id", "meter"), ("register", "register")),
)
