"""A run taken for a step: locked, in a state that allows it, and with nothing at work on it."""

from collections.abc import Sequence

from billing.models import Run
from core.errors import Conflict, NotFound
from core.models import Job

OPEN_STATES = ("open", "prepared", "reviewed")


def locked_run(run_id: int, states: Sequence[str], wanted: str) -> Run:
    """The run, locked; raises ``NotFound``, or ``Conflict`` when its state is none of ``states``."""
    run = Run.objects.select_for_update().filter(id=run_id).first()
    if run is None:
        raise NotFound(f"There is no run {run_id}.", "Choose one from the list of runs.")
    if run.state not in states:
        raise Conflict(
            f"Run {run.id} is {run.get_state_display().lower()} and cannot be {wanted}.",
            "Look at its next step.",
        )
    return run


def not_at_work(run: Run) -> None:
    """Raises ``Conflict`` while a job prepares the run."""
    if (
        run.prepare_job_id
        and Job.objects.filter(id=run.prepare_job_id, state__in=("ready", "running")).exists()
    ):
        raise Conflict(
            "The run is being prepared at this moment.", "Wait until the job has ended, or cancel it."
        )
