"""Questions that several reports ask, and what can be answered."""

from collections.abc import Iterator

from billing.models import Cycle, Run
from meters.models import Route, ServiceType
from rates.models import RateTable
from reports.parameters import Choices, Parameter, Parameters, Problem, day_text, first_of_month

_RUNS_OFFERED = 60
POSTED = (Run.State.POSTED, Run.State.PRINTED)
STAGED = (Run.State.PREPARED, Run.State.REVIEWED, Run.State.APPROVED, *POSTED)


def routes() -> Choices:
    """Every route."""
    return [(route.code, str(route)) for route in Route.objects.order_by("code")]


def cycles() -> Choices:
    """Every cycle."""
    return [(cycle.code, str(cycle)) for cycle in Cycle.objects.order_by("code")]


def rates() -> Choices:
    """Every rate."""
    return [(rate.code, str(rate)) for rate in RateTable.objects.order_by("code")]


def posted_runs() -> Choices:
    """Runs that have posted bills, the newest first."""
    return _runs(POSTED)


def staged_runs() -> Choices:
    """Runs that were prepared, posted ones too, the newest first."""
    return _runs(STAGED)


def _runs(states: tuple[Run.State, ...]) -> Choices:
    found = Run.objects.filter(state__in=states).select_related("cycle").order_by("-bill_on", "-id")
    return [
        (str(run.id), f"Run {run.id}, cycle {run.cycle.code}, billed {day_text(run.bill_on)}")
        for run in found[:_RUNS_OFFERED]
    ]


def service_name(code: str) -> str:
    """A service type in the words of the office."""
    return str(ServiceType(code).label) if code in ServiceType.values else code.capitalize()


SINCE = Parameter("since", "From", "date", default=first_of_month)
THROUGH = Parameter("through", "Through", "date", default=lambda today: today)
DAY = Parameter("on", "Day", "date", default=lambda today: today)
ROUTE = Parameter("route", "Route", "choice", choices=routes)
CYCLE = Parameter("cycle", "Cycle", "choice", choices=cycles)
RATE = Parameter("rate", "Rate", "choice", choices=rates)
ACCOUNT = Parameter("account", "Account", help="An account number.")


def in_order(parameters: Parameters) -> Iterator[Problem]:
    """A problem when the last day lies before the first."""
    if parameters.day("through") < parameters.day("since"):
        problem = "The last day is before the first."
        yield Problem("through", "Through", problem, "Choose a last day that is not earlier.")
