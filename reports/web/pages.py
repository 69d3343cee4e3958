"""The catalogue of reports, and one report: its questions, a page of it, and the same rows as a file."""

from collections.abc import Mapping
from itertools import groupby
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from core import clock
from core.errors import Refused
from core.models import Job
from core.web.requests import UtilityRequest
from core.web.views import form, page, perform
from core.work.jobs import OPEN_STATES
from reports.catalogue import REPORTS
from reports.delivery import file_answer, file_of_job
from reports.kit import Report, Sheet
from reports.making import FILES, most_at_once, permitted, sheet_of
from reports.models import Favourite
from reports.operations import make_file, set_favourite
from reports.parameters import SHOWN_HOW, Parameters, ParametersUnusable
from reports.renderers import screen
from reports.web.asked import asked_last, keep_asked

_FILES_SHOWN = 50


@page("reports.view")
def catalogue(request: UtilityRequest) -> HttpResponseBase:
    """The reports this operator may see, their favourites first; ``q`` looks in titles and purposes."""
    asked = request.GET.get("q", "").strip()
    liked = set(favourites(request))
    fitting = [r for r in REPORTS if request.actor.may(r.permission) and _fits(r, asked)]
    listed = sorted(fitting, key=lambda r: (r.code not in liked, "" if r.code in liked else r.group, r.title))
    parts = groupby(listed, key=lambda r: "Favourites" if r.code in liked else r.group)
    groups = [(name, list(reports)) for name, reports in parts]
    context = {"groups": groups, "asked": asked, "n": len(listed), "liked": liked}
    return TemplateResponse(request, "reports/catalogue.html", context)


def favourites(request: UtilityRequest) -> list[str]:
    """The codes of the operator's favourites."""
    marks = Favourite.objects.filter(operator=request.actor.ref, is_live=True)
    return list(marks.values_list("code", flat=True))


def _fits(report: Report, asked: str) -> bool:
    text = f"{report.title} {report.about} {report.group} {report.code}".lower()
    return all(word in text for word in asked.lower().split())


@page("reports.view")
def report(request: UtilityRequest, code: str) -> HttpResponseBase:
    """One report, or the file asked with ``?form=``; what it is about stands in the address."""
    found = permitted(request.actor, code)
    today = clock.today(request.utility.tz)
    query = {name: str(value) for name, value in request.GET.items()}
    waiting = _nothing_answered(found, query)
    if waiting:
        query = _first_choices(found, query)
    try:
        parameters = found.answers(query, today=today)
    except ParametersUnusable as unusable:
        problems = () if waiting else unusable.problems
        context = screen.context_of_problems(
            _sheet(request, found, Parameters({})), query, problems, today=today
        )
        context |= {"waiting": waiting, "choose": waiting and found.one_of, **_around(request, found)}
        return TemplateResponse(request, screen.TEMPLATE, context, status=200 if waiting else 422)
    sheet = _sheet(request, found, parameters)
    if query.get("form", "") in FILES:
        return file_answer(sheet, query["form"])
    context = screen.context(sheet, query, today=today) | _around(request, found)
    context["in_background"] = _in_background(context)
    keep_asked(request, found, query, parameters, today)
    return TemplateResponse(request, screen.TEMPLATE, context)


@form("reports.view", again=report)
def make(request: UtilityRequest, code: str) -> HttpResponseBase:
    """Have the report made in the background; the job's page then leads to the file."""
    query = {name: str(value) for name, value in request.GET.items() if name not in SHOWN_HOW}
    try:
        job = perform(request, make_file, code=code, form=request.POST.get("form", ""), query=query)
    except ParametersUnusable as unusable:
        raise Refused(str(unusable), "Show the report first, then have it made.") from unusable
    messages.success(
        request, f"The file is being made as job {job}. Leave this page and come back when you like."
    )
    return redirect("reports:files")


@page("reports.view")
def files(request: UtilityRequest) -> HttpResponseBase:
    """The files that this operator had made in the background, the newest first."""
    actor = request.actor
    mine = Job.objects.filter(kind="reports.file", actor__kind=actor.kind, actor__id=actor.id)
    jobs = list(mine.order_by("-id")[:_FILES_SHOWN])
    under_way = any(job.state in OPEN_STATES for job in jobs)
    return TemplateResponse(request, "reports/files.html", {"jobs": jobs, "under_way": under_way})


@form("reports.view")
def favourite(request: UtilityRequest, code: str) -> HttpResponseBase:
    """Put the report among the favourites, or take it off."""
    perform(request, set_favourite, code=code, wanted=request.POST.get("wanted") == "1")
    back = request.POST.get("asked", "")
    return redirect(f"{request.path.removesuffix('favourite/')}{'?' + back if back else ''}")


@page("reports.view")
def made_file(request: UtilityRequest, job_id: int) -> HttpResponseBase:
    """The file that a job has made, for those who may see its report."""
    return file_of_job(request.actor, job_id)


def _around(request: UtilityRequest, found: Report) -> dict[str, object]:
    """What stands around the report: the favourite's star, the answers given last, the form's key."""
    last = asked_last(request, found)
    return {
        "liked": found.code in favourites(request),
        "last": {"address": urlencode(last.query), "text": last.text} if last else None,
        "refused": request.refused,
    }


def _in_background(context: Mapping[str, object]) -> set[str]:
    """The forms that take longer than a person waits."""
    rows = int(str(context["rows"]))
    return {form for form in FILES if context["cut"] or rows > most_at_once(form)}


def _nothing_answered(found: Report, query: Mapping[str, str]) -> bool:
    """Whether the report needs an answer and none was given yet: the page is then opened, not wrong."""
    needs = bool(found.one_of) or any(p.required and p.default is None for p in found.parameters)
    return needs and not any(p.name in query for p in found.parameters)


def _first_choices(found: Report, query: Mapping[str, str]) -> dict[str, str]:
    """The query with the first choice taken where there is one, so a page stands at once."""
    filled = dict(query)
    for parameter in found.parameters:
        if parameter.required and parameter.default is None and (offered := parameter.offered()):
            filled[parameter.name] = offered[0][0]
    return filled


def _sheet(request: UtilityRequest, found: Report, parameters: Parameters) -> Sheet:
    if not parameters.values:
        return Sheet(found, request.utility.name, parameters, clock.now().astimezone(request.utility.tz))
    return sheet_of(request.utility, found, parameters, clock.now(), request.actor.name)
