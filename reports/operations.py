"""Writes of the catalogue: favourites, and long reports made in the background."""

from collections.abc import Mapping

from core import clock
from core.actors import Actor
from core.models import Utility
from core.operations import operation
from core.tenancy import current_utility_id
from core.work.jobs import start_job
from reports.making import answered, check_form, permitted
from reports.models import Favourite


@operation("reports.favourite.set", permission="reports.view")
def set_favourite(by: Actor, *, code: str, wanted: bool) -> int:
    """Put a report among the operator's favourites or take it off; returns the mark's id."""
    permitted(by, code)
    mark, made = Favourite.objects.get_or_create(operator=by.ref, code=code, defaults={"is_live": wanted})
    if not made:
        Favourite.objects.filter(id=mark.id).update(is_live=wanted)
    return int(mark.id)


@operation("reports.file.make", permission="reports.view")
def make_file(by: Actor, *, code: str, form: str, query: Mapping[str, str]) -> int:
    """Start a job that makes a report as a file; returns the job's id.

    Days that were left to their default are those of now, whenever the job gets to it.  Raises
    ``ParametersUnusable``, ``NotFound`` for an unknown report, ``NotAllowed`` without its right.
    """
    report = permitted(by, code)
    today = clock.today(Utility.objects.get(id=current_utility_id()).tz)
    asked = {name: text for name, text in query.items() if name not in ("form", "page", "limit")}
    params = {"report": code, "form": check_form(form), "query": answered(report, asked, today)}
    return start_job(by, "reports.file", f"{report.title} as {form.upper()}", params, [(1, {})])
