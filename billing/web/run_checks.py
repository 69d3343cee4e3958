"""A check of a run let through by a second person, and the accounts that no run would bill."""

from datetime import timedelta

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse

from billing import queries
from billing.checking import checks_of, pass_check
from billing.web.checklist import lacking
from billing.web.run_steps import ReasonForm
from billing.web.runs import run_of, seen_by
from core import clock
from core.errors import NotFound
from core.ui.columns import Column
from core.ui.lists import ListPage, list_view
from core.ui.parts import Empty, Fact
from core.web.requests import UtilityRequest, utility_of
from core.web.views import checked, fresh_key, page, perform, shown
from customers.models import Account


@page("billing.run.view")
def check(request: UtilityRequest, run_id: int, code: str) -> HttpResponseBase:
    """What the check found, and the form to let it pass."""
    seen = seen_by(request, run_of(run_id))
    found = next((c for c in checks_of(seen.run) if c.code == code), None)
    if found is None:
        raise NotFound(f"Run {run_id} has no check “{code}”.", "Look at the run's checks.")
    why_not = lacking(request.actor, "billing.run.pass_check") or seen.why_not_pass
    if not found.stops:
        why_not = "It does not stop the run."
    elif seen.run.state not in ("prepared", "reviewed"):
        why_not = "The run is past its review."
    facts = [Fact("Found", found.measured), Fact("Bounds", found.limit)]
    if found.passed_by:
        facts += [Fact("Let through by", found.passed_name), Fact("Because", found.why)]
    context = {
        "run": seen.run,
        "title": f"Let “{found.title}” pass",
        "lead": f"{found.means} {found.do}",
        "warning": "The run can then be reviewed and approved as it is. Your name and reason stay with it.",
        "form": shown(request, ReasonForm),
        "facts": facts,
        "submit": "Let it pass",
        "icon": "lock-open",
        "danger": True,
        "key": fresh_key(request),
        "back": reverse("billing:run", args=[run_id]),
        "look": f"{reverse('billing:run_bills', args=[run_id])}?{found.where}" if found.where else "",
        "why_not": why_not,
    }
    return TemplateResponse(request, "runs/confirm.html", context)


@check.posted("billing.run.pass_check")
def let_pass(request: UtilityRequest, run_id: int, code: str) -> HttpResponseBase:
    """Let it pass."""
    given = checked(request, ReasonForm(request.POST)).cleaned_data
    perform(request, pass_check, run_id=run_id, code=code, why=given["why"])
    messages.success(request, "The check is let through. Your reason stays with the run.")
    return redirect("billing:run", run_id=run_id)


def _strays(request: HttpRequest) -> QuerySet[Account]:
    """Accounts that a run of this month would miss."""
    utility = utility_of(request)
    assert utility is not None  # @page has seen to it
    first = clock.today(utility.tz).replace(day=1)
    found = queries.in_no_cycle(first, first + timedelta(days=31))
    return found.select_related("customer", "location__route")


NO_CYCLE = ListPage(
    name="no-cycle",
    title="Accounts in no cycle",
    about="Accounts with services to bill on routes that belong to no cycle. No run would bill them, so runs"
    " are not prepared until each route has its cycle.",
    noun="accounts",
    columns=(
        Column("account", "Account", "number", kind="code", sort="number"),
        Column("name", "Name", "customer.name", sort="customer__name"),
        Column("address", "Service address", "location.address"),
        Column("route", "Route", "location.route.code", kind="code", sort="location__route__code"),
    ),
    rows=_strays,
    opens=lambda row: reverse("customers:account", args=[row.number]),
    order="account",
    empty=Empty(
        "Every account is in a cycle", "Routes get their cycle under Settings › Cycles.", "circle-check"
    ),
)

no_cycle = page("billing.run.view")(list_view(NO_CYCLE))
