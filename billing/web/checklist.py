"""The steps of a run as its page shows them: state, who, when, counts, what stands in the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse

from billing.checking import checks_of
from billing.models import Run
from billing.print_orders import GROUPS, MAIL, ORDERS
from billing.queries import RunFigures
from billing.review.breakers import tripped
from billing.review.ground import Check
from billing.runs import run_hash
from billing.still_true import REASON
from billing.web.reasons import reason_text
from core.actors import Actor
from core.models import Job
from core.permissions import all_permissions
from core.ui.parts import Blocker, Fact, Step, Verb
from core.ui.words import day_text

ORDER = ("open", "prepared", "reviewed", "approved", "posted", "printed")
AT_WORK = (Job.State.READY, Job.State.RUNNING)


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A run as one operator sees it.  ``names`` are those behind ``opened_by`` and the like.

    ``single_operator`` says that the town lets one person make and approve on the day of the bills.
    """

    run: Run
    figures: RunFigures
    actor: Actor
    names: Mapping[str, str]
    single_operator: bool
    printed_pages: Mapping[str, int] = field(default_factory=dict)

    @property
    def job(self) -> Job | None:
        """The work of the run that is waiting, running or failed now."""
        run = self.run
        jobs = (run.print_job, run.post_job, run.prepare_job)
        return next((j for j in jobs if j is not None and j.state != Job.State.DONE), None)

    def done(self, state: str) -> bool:
        """Whether the run has got as far as ``state``."""
        return self.run.state in ORDER and ORDER.index(self.run.state) >= ORDER.index(state)

    def address(self, name: str, query: str = "") -> str:
        """One of the run's pages."""
        return reverse(f"billing:{name}", args=[self.run.id]) + query

    def address_of(self, name: str, code: str) -> str:
        """A page of one thing of the run."""
        return reverse(f"billing:{name}", args=[self.run.id, code])

    @property
    def why_not_pass(self) -> str:
        """Why this operator may not let a check pass, before they try."""
        if self.single_operator or self.actor.ref != self.run.opened_by:
            return ""
        return "You opened this run, so a second person lets its checks pass."

    @property
    def stopping(self) -> list[Check]:
        """The checks that stop the run."""
        return list(tripped(checks_of(self.run)))

    @property
    def why_not_approve(self) -> str:
        """Why this operator may not approve, before they try."""
        run, me = self.run, self.actor.ref
        if self.single_operator or me not in (run.opened_by, run.reviewed_by):
            return ""
        what = "opened" if me == run.opened_by else "reviewed"
        return f"You {what} this run, so a second person approves it."


def steps_of(seen: RunSeen) -> list[Step]:
    """The whole checklist."""
    return [_open(seen), _prepare(seen), _review(seen), _approve(seen), _post(seen), _print(seen)]


def fingerprint_text(fingerprint: str) -> str:
    """The first half of a fingerprint in groups, as two people can compare it aloud."""
    return " ".join(fingerprint[i : i + 8] for i in range(0, 32, 8))


def lacking(actor: Actor, permission: str) -> str:
    """Why a verb cannot be used by this operator, empty when it can."""
    return (
        "" if actor.may(permission) else f"You do not have the right “{all_permissions()[permission].label}”."
    )


def _open(seen: RunSeen) -> Step:
    run = seen.run
    last = run.ends - timedelta(days=1)
    text = f"{day_text(run.starts)} to {day_text(last)}, bills dated {day_text(run.bill_on)}."
    return Step("Open", "done", text, seen.names.get(run.opened_by, ""), run.opened_at)


def _prepare(seen: RunSeen) -> Step:
    run, figures, state = seen.run, seen.figures, _state(seen, "prepared", seen.run.prepare_job)
    again = seen.done("prepared")
    verbs = []
    if run.state in ("open", "prepared", "reviewed") and state != "running":
        verbs = [
            Verb(
                "Prepare again" if again else "Prepare",
                seen.address("run_prepare"),
                "refresh" if again else "player-play",
                "p",
                main=not again,
                post=True,
                why_not=lacking(seen.actor, "billing.run.prepare"),
            )
        ]
    facts = []
    if figures.by_reason:
        facts = [
            Fact(
                "Ready",
                f"{figures.bills('ready', 'posted'):,}",
                url=seen.address("run_bills", "?state=ready"),
            ),
            Fact("Held", f"{figures.bills('held'):,}", url=seen.address("run_bills", "?state=held")),
            Fact(
                "Not billed",
                f"{figures.bills('excepted'):,}",
                url=seen.address("run_bills", "?state=excepted"),
            ),
        ]
        if run.state not in ("open", "prepared", "reviewed"):
            facts[0] = Fact("Billed", f"{figures.bills('ready', 'posted'):,}", url=seen.address("run_bills"))
    text = "Every account of the cycle is worked out; nothing is posted yet." if not facts else ""
    return Step(
        "Prepare",
        state,
        text,
        *_by(run.prepare_job, state),
        facts=facts,
        blockers=_trouble(run.prepare_job),
        verbs=verbs,
        current=run.state == "open",
    )


def _review(seen: RunSeen) -> Step:
    run = seen.run
    verbs, blockers, text = [], [], ""
    if run.state == "prepared":
        text = "Look at what is held and at what changed. Held bills are left out; the others go on."
        blockers = [_held(seen, r) for r in seen.figures.reasons("held")]
        stopping = [Blocker(f"{c.title}: {c.measured}", "#checks") for c in seen.stopping]
        blockers = [*stopping, *blockers]
        why_not = lacking(seen.actor, "billing.run.review") or _stopped(len(stopping))
        verbs = [
            Verb(
                "Mark reviewed",
                # The form goes to the very charges that this page shows.
                seen.address("run_review", f"?seen={run_hash(run.seen)}"),
                "eye",
                "v",
                main=True,
                post=True,
                why_not=why_not,
            )
        ]
    who = seen.names.get(run.reviewed_by, "") if seen.done("reviewed") else ""
    facts = [Fact("Fingerprint", fingerprint_text(run_hash(run.seen)))] if who else []
    return Step(
        "Review",
        _plain_state(seen, "reviewed"),
        text,
        who,
        run.reviewed_at if who else None,
        facts=facts,
        blockers=blockers,
        verbs=verbs,
        current=run.state == "prepared",
    )


def _held(seen: RunSeen, r: Mapping[str, Any]) -> Blocker:
    """How many bills are held for one reason, and the way to them."""
    said = f"{r['n']:,} held: {reason_text(r['reason']).lower()}{_dollars(r['dollars'])}"
    return Blocker(said, seen.address("run_bills", f"?state=held&reason={r['reason']}"))


def _approve(seen: RunSeen) -> Step:
    run = seen.run
    verbs, text = [], ""
    if run.state == "reviewed":
        text = (
            seen.why_not_approve
            or "Another person than who opened and reviewed it approves exactly these charges."
        )
        if seen.single_operator:
            text = "The policy “Single operator” lets one person make and approve; the run will say so."
        why_not = lacking(seen.actor, "billing.run.approve") or seen.why_not_approve
        why_not = why_not or _stopped(len(seen.stopping))
        verbs = [
            Verb("Approve…", seen.address("run_approve"), "square-check", "a", main=True, why_not=why_not)
        ]
    if seen.done("approved") and run.single_operator:
        text = "Approved by the person who made it, under the policy “Single operator”."
    who = seen.names.get(run.approved_by, "")
    return Step(
        "Approve",
        _plain_state(seen, "approved"),
        text,
        who,
        run.approved_at,
        verbs=verbs,
        current=run.state == "reviewed",
    )


def _stopped(n: int) -> str:
    """Why a run with checks tripped cannot go on."""
    if not n:
        return ""
    what = "A check stops this run" if n == 1 else f"{n} checks stop this run"
    return f"{what}: mend the cause and prepare again, or have a supervisor let it pass."


def _post(seen: RunSeen) -> Step:
    run, state = seen.run, _state(seen, "posted", seen.run.post_job)
    verbs, text = [], ""
    if run.state == "approved" and run.post_job is None:
        text = "The charges become due on the accounts."
        why_not = lacking(seen.actor, "billing.run.post")
        verbs = [Verb("Post…", seen.address("run_post"), "coins", "s", main=True, why_not=why_not)]
    facts = []
    if seen.done("posted"):
        facts = [
            Fact("Bills", f"{seen.figures.bills('posted'):,}"),
            Fact(
                "Charged",
                amount=seen.figures.dollars("posted"),
                url=f"/reports/billing-register/?run={run.id}",
            ),
        ]
    changed = [r for r in seen.figures.reasons("held") if r["reason"] == REASON]
    if changed:
        text = "What changed since the approval is not billed as it was; the next run bills these days too."
    return Step(
        "Post",
        state,
        text,
        *_by(run.post_job, state),
        facts=facts,
        blockers=[*_trouble(run.post_job), *(_held(seen, r) for r in changed)],
        verbs=verbs,
        current=run.state == "approved",
    )


def _print(seen: RunSeen) -> Step:
    run, state = seen.run, _state(seen, "printed", seen.run.print_job)
    verbs, text, facts = [], "", []
    given_up = run.print_job is not None and run.print_job.state in (Job.State.FAILED, Job.State.CANCELLED)
    if run.state == "posted" and (run.print_job is None or given_up):
        text = "One PDF of all bills; those paid by bank draft apart."
        why_not = lacking(seen.actor, "billing.run.print")
        wanted = not run.not_printed_why
        if not given_up:  # a job that ended early is tried again on its own page
            print_it = seen.address("run_print")
            verbs = [Verb("Print…", print_it, "printer", "i", main=wanted, why_not=why_not)]
        if wanted:
            verbs.append(Verb("Leave unprinted…", seen.address("run_no_print"), why_not=why_not))
        else:
            state, text = "not_printed", f"Left unprinted: {run.not_printed_why}"
    if seen.done("printed"):
        text = f"In the order: {ORDERS.get(run.print_order, run.print_order)}."
        facts = [
            Fact("Pages", f"{sum(seen.printed_pages.values()):,}", url=seen.address("run_pages")),
        ]
        verbs = [
            Verb(
                "Open the PDF" if group == MAIL else f"PDF: {GROUPS[group].lower()}",
                f"{seen.address('run_pdf')}?group={group}",
                "printer",
                "d" if n == 0 else "f",
                main=n == 0,
            )
            for n, group in enumerate(seen.printed_pages)
        ]
        verbs.append(Verb("Page index", seen.address("run_pages"), "list-check"))
    return Step(
        "Print",
        state,
        text,
        *_by(run.print_job, state),
        facts=facts,
        blockers=_trouble(run.print_job) if state != "not_printed" else (),
        verbs=verbs,
        current=run.state == "posted" and state != "not_printed",
    )


def _state(seen: RunSeen, reached: str, job: Job | None) -> str:
    """The state of a step that is a job."""
    if job is not None and job.state in AT_WORK:
        return "running"
    if job is not None and job.state in (Job.State.FAILED, Job.State.CANCELLED):
        return str(job.state)
    return _plain_state(seen, reached)


def _plain_state(seen: RunSeen, reached: str) -> str:
    return "done" if seen.done(reached) else "todo"


def _by(job: Job | None, state: str) -> tuple[str, datetime | None]:
    if job is None or state == "todo":
        return "", None
    return str(job.actor.get("name", "")), job.ended_at or job.started_at or job.made_at


def _trouble(job: Job | None) -> list[Blocker]:
    if job is None or job.state not in (Job.State.FAILED, Job.State.CANCELLED):
        return []
    word = "failed" if job.state == Job.State.FAILED else "was cancelled"
    return [Blocker(f"The work {word}: see the job, and try it again there.", f"/jobs/{job.id}/")]


def _dollars(amount: Decimal | None) -> str:
    return f", ${amount:,.2f}" if amount else ""
