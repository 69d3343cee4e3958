"""Reads of the meter platform, in its billing read export."""

from collections.abc import Sequence

from interchange.feeds.feed import Feed, Ground, Staging
from interchange.feeds.judging import Claim
from interchange.feeds.readings import apply_readings, day_of, stage_claims
from interchange.layouts.meter_reads import BILLING_READS, MeterRead, read_meter_reads

# Read at the meter by a person, or else sent by it.
_BY_HAND = "Manual"


def _stage(reads: Sequence[MeterRead], ground: Ground) -> Staging:
    return stage_claims([_claim(read, ground) for read in reads], ground)


def _claim(read: MeterRead, ground: Ground) -> Claim:
    return Claim(
        line=read.line,
        raw=read.raw,
        account=read.account_number,
        location=read.location_id,
        point=read.service_point_id,
        meter=read.meter_id,
        register=read.register,
        endpoint=read.endpoint,
        dial=read.read,
        unit=read.unit,
        on=day_of(read.read_at, ground),
        source="A" if read.method == _BY_HAND else "R",
    )


METER_READS = Feed(
    code="meter_reads",
    title="Meter platform reads",
    about="The billing read export of the meter platform: CSV with Account_ID, Meter_ID, Read, Read_Unit and"
    " the time of the read.",
    layout=BILLING_READS,
    parse=read_meter_reads,
    stage=_stage,
    apply=apply_readings,
    permission="readings.import",
    approval="readings.approve",
    known_by=(("account_number", "account"), ("meter_id", "meter"), ("register", "register")),
)
