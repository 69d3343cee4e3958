"""Work that comes again: schedules, their occurrences, and what happens when one comes due."""

import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from core.actors import Actor, system_actor
from core.errors import Conflict, NotFound, Refused
from core.models import Job, Occurrence, Schedule, Utility
from core.operations import act_as, operation, under_way
from core.tenancy import current_utility_id
from core.work.calendar import BadRule, Moment, Rule, moment_at, moments, next_moment, parse_rule
from core.work.doorbell import ring_after_commit
from core.work.due import lay_down, set_due
from core.work.failures import passes, told
from core.work.jobs import start_job
from core.work.kinds import JobKind, Parts, all_job_kinds, job_kind
from core.work.limits import end_when_idle, short_transaction

log = logging.getLogger(__name__)

STARTED, MISSED = "started", "missed"
# A schedule that slept longer than this many times has only the latest of them kept.
_MOST_MISSED = 400
_SILENCE = 20  # seconds


def schedulable() -> list[JobKind]:
    """The kinds of work that a schedule can start."""
    return [kind for kind in all_job_kinds().values() if kind.plan is not None]


def come_due(schedule_id: int, now: datetime) -> bool:
    """Start a schedule's work if its time has come; ``False`` when there was nothing to do.

    Occurrences that passed while nobody was there are kept as missed, except the last: it is caught up,
    once.
    """
    with short_transaction():
        waiting = Schedule.objects.filter(pk=schedule_id, paused=False, next_due__isnull=False).exists()
    if not waiting:
        return _rest(schedule_id)
    by = system_actor(current_utility_id())
    with act_as(by, "core.schedule.due", {"schedule": schedule_id}) as under:
        end_when_idle(_SILENCE)
        row = Schedule.objects.select_for_update(skip_locked=True).filter(pk=schedule_id).first()
        if row is None or row.paused or row.next_due is None or row.next_due > now:
            under.audit.clear()
            if row is not None and row.next_due is not None and not row.paused:
                set_due("schedule", row.id, row.next_due)
            return False
        zone, rule = _zone(), parse_rule(row.rule)
        passed = _passed(rule, zone, row.next_due, now)
        for moment in passed[:-1]:
            _occur(row, moment, MISSED)
        job_id = _start(by, row, passed[-1], missed=len(passed) - 1)
        under.audit[0][1].update({"job": job_id, "missed": len(passed) - 1})
        _wait_for(row, next_moment(rule, zone, now).due_at)
    return True


def _rest(schedule_id: int) -> bool:
    with short_transaction():
        row = Schedule.objects.select_for_update().filter(pk=schedule_id).first()
        if row is None or row.paused or row.next_due is None:
            lay_down("schedule", schedule_id)
    return False


def _passed(rule: Rule, zone: ZoneInfo, due: datetime, now: datetime) -> list[Moment]:
    """The moments from the one that came due to now; the first is kept even if the rule has changed since."""
    later = takewhile(lambda m: m.due_at <= now, moments(rule, zone, due))
    found = [_moment_of(rule, zone, due)]
    for moment in later:
        found.append(moment)
        if len(found) > _MOST_MISSED:
            del found[0]
    return found


def _moment_of(rule: Rule, zone: ZoneInfo, due: datetime) -> Moment:
    planned = next_moment(rule, zone, due - timedelta(seconds=1))
    return planned if planned.due_at == due else moment_at(due, zone)


def _occur(row: Schedule, moment: Moment, state: str, job_id: int | None = None) -> Occurrence:
    return Occurrence.objects.create(
        schedule=row,
        due_at=moment.due_at,
        wall_time=moment.wall_time,
        fold=moment.fold,
        business_date=moment.business_date,
        job_id=job_id,
        state=state,
    )


def _start(by: Actor, row: Schedule, moment: Moment, missed: int = 0) -> int:
    """The occurrence and its job.  When the work cannot be planned, the job is there and says why."""
    params = {**row.params, "on": str(moment.business_date)}
    if missed:
        params["missed"] = missed
    title = f"{row.name}, {moment.business_date:%b %-d, %Y}" + (" (catching up)" if missed else "")
    try:
        with transaction.atomic():
            job_id = start_job(by, row.kind, title, params, _planned(by, row.kind, params, moment))
    except Exception as problem:
        if passes(problem):
            raise
        if not isinstance(problem, Refused):
            log.exception("The work of schedule %s could not be planned.", row.id)
        job_id = _failed_job(by, row, title, params, told(problem))
    _occur(row, moment, STARTED, job_id)
    return job_id


def _planned(by: Actor, code: str, params: Mapping[str, Any], moment: Moment) -> Parts:
    kind = job_kind(code)
    if kind.plan is None:
        raise Refused(f"“{code}” cannot be started by a schedule.", "Choose another kind of work.")
    return kind.plan(by, params, moment.business_date)


def _failed_job(by: Actor, row: Schedule, title: str, params: Mapping[str, Any], problem: str) -> int:
    at = under_way().at
    job = Job.objects.create(
        kind=row.kind,
        title=title,
        params=dict(params),
        actor=by.as_params(),
        made_at=at,
        state=Job.State.FAILED,
        ended_at=at,
        problem=problem,
    )
    return int(job.id)


def _wait_for(row: Schedule, due: datetime) -> None:
    row.next_due = due
    row.save(update_fields=["next_due"])
    set_due("schedule", row.id, due)


@operation("core.schedule.create", permission="core.schedule.manage")
def create_schedule(
    by: Actor, *, name: str, kind: str, rule: Mapping[str, Any], params: Mapping[str, Any] | None = None
) -> int:
    """A new schedule, due from now on; returns its id.  Raises ``Refused`` at the field that is wrong."""
    found = _checked(name, rule)
    if job_kind(kind).plan is None:
        raise Refused(
            f"“{kind}” cannot be started by a schedule.", "Choose another kind of work.", field="kind"
        )
    row = Schedule.objects.create(name=name.strip(), kind=kind, rule=dict(rule), params=dict(params or {}))
    _wait_for(row, next_moment(found, _zone(), under_way().at).due_at)
    return int(row.id)


@operation("core.schedule.change", permission="core.schedule.manage")
def change_schedule(
    by: Actor,
    *,
    schedule_id: int,
    name: str,
    rule: Mapping[str, Any],
    params: Mapping[str, Any] | None = None,
) -> int:
    """Another name, time or parameters from now on; returns the schedule's id."""
    found, row = _checked(name, rule), _locked(schedule_id)
    row.name, row.rule = name.strip(), dict(rule)
    row.params = row.params if params is None else dict(params)
    row.save(update_fields=["name", "rule", "params"])
    if not row.paused:
        _wait_for(row, next_moment(found, _zone(), under_way().at).due_at)
    return int(row.id)


@operation("core.schedule.pause", permission="core.schedule.manage")
def pause_schedule(by: Actor, *, schedule_id: int, paused: bool) -> int:
    """Let a schedule rest or go on; what would have come due meanwhile is not caught up.  Returns its id."""
    row = _locked(schedule_id)
    row.paused = paused
    if paused:
        row.next_due = None
        lay_down("schedule", row.id)
        row.save(update_fields=["paused", "next_due"])
    else:
        row.save(update_fields=["paused"])
        _wait_for(row, next_moment(parse_rule(row.rule), _zone(), under_way().at).due_at)
    return int(row.id)


@operation("core.schedule.run", permission="core.schedule.manage")
def run_schedule_now(by: Actor, *, schedule_id: int) -> int:
    """Start a schedule's work now, beside its times, in the name of who asks; returns the job's id.

    Raises ``Conflict`` while work it started before is still under way.
    """
    row = _locked(schedule_id)
    busy = Job.State.READY, Job.State.RUNNING
    if Occurrence.objects.filter(schedule=row, job__state__in=busy).exists():
        raise Conflict(f"“{row.name}” is still at work.", "Wait until it has ended, or cancel it.")
    job_id = _start(by, row, moment_at(under_way().at, _zone()))
    ring_after_commit()
    return job_id


def _checked(name: str, rule: Mapping[str, Any]) -> Rule:
    if not name.strip():
        raise Refused("The schedule has no name.", "Give it one that says what it does.", field="name")
    try:
        return parse_rule(dict(rule))
    except BadRule as bad:
        raise Refused(str(bad), field="rule") from bad


def _locked(schedule_id: int) -> Schedule:
    row = Schedule.objects.select_for_update().filter(pk=schedule_id).first()
    if row is None:
        raise NotFound(f"There is no schedule {schedule_id} in this utility.")
    return row


def _zone() -> ZoneInfo:
    return Utility.objects.get(pk=current_utility_id()).tz
