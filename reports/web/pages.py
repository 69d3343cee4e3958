"""The catalogue of reports, and one report: its questions, a page of it, and the same rows as a file."""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from django.http import FileResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone

from core import clock
from core.errors import NotFound, Refused
from core.web.requests import UtilityRequest
from core.web.views import lacks, page
from reports.catalogue import REPORTS, NoSuchReport, report_of
from reports.kit import Report, Sheet
from reports.parameters import Parameters, ParametersUnusable
from reports.renderers import csv, pdf, screen, xlsx
from reports.renderers.pdf import TooLongForPaper

Made = tuple[str, Callable[[Sheet], bytes | Iterable[bytes]]]

FILES: Mapping[str, Made] = {
    "pdf": ("application/pdf", pdf.render),
    "csv": ("text/csv; charset=utf-8", csv.render),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", xlsx.render),
}

_IN_MEMORY = 4 * 1024 * 1024


@page("reports.view")
def catalogue(request: UtilityRequest) -> HttpResponseBase:
    """The reports this operator may see, by group; ``q`` looks in titles and what they are for."""
    asked = request.GET.get("q", "").strip()
    fitting = [r for r in REPORTS if request.actor.may(r.permission) and _fits(r, asked)]
    listed = sorted(fitting, key=lambda r: (r.group, r.title))
    groups = [(name, list(reports)) for name, reports in groupby(listed, key=lambda r: r.group)]
    return TemplateResponse(
        request, "reports/catalogue.html", {"groups": groups, "asked": asked, "n": len(listed)}
    )


def _fits(report: Report, asked: str) -> bool:
    text = f"{report.title} {report.about} {report.group} {report.code}".lower()
    return all(word in text for word in asked.lower().split())


@page("reports.view")
def report(request: UtilityRequest, code: str) -> HttpResponseBase:
    """One report, or the file asked with ``?form=``; what it is about stands in the address."""
    try:
        found = report_of(code)
    except NoSuchReport as unknown:
        raise NotFound(str(unknown)) from unknown
    if not request.actor.may(found.permission):
        raise lacks(request.actor, found.permission)
    today = clock.today(request.utility.tz)
    query = {name: str(value) for name, value in request.GET.items()}
    if _nothing_answered(found, query):
        return _first_asked(request, found, query)
    try:
        parameters = found.answers(query, today=today)
    except ParametersUnusable as unusable:
        sheet = _sheet(request, found, Parameters({}))
        context = screen.context_of_problems(sheet, query, unusable.problems, today=today)
        return TemplateResponse(request, screen.TEMPLATE, context, status=422)
    sheet = _sheet(request, found, parameters)
    form = query.get("form", "")
    if form in FILES:
        return _file(sheet, form)
    return TemplateResponse(request, screen.TEMPLATE, screen.context(sheet, query, today=today))


def _nothing_answered(found: Report, query: Mapping[str, str]) -> bool:
    """Whether the report needs an answer and none was given yet: the page is then opened, not wrong."""
    needs = any(p.required and p.default is None for p in found.parameters)
    return needs and not any(p.name in query for p in found.parameters)


def _first_asked(request: UtilityRequest, found: Report, query: Mapping[str, str]) -> HttpResponseBase:
    """The report with the first choice taken where there is one, so a page stands at once."""
    today = clock.today(request.utility.tz)
    filled = dict(query)
    for parameter in found.parameters:
        if parameter.required and parameter.default is None and (offered := parameter.offered()):
            filled[parameter.name] = offered[0][0]
    try:
        parameters = found.answers(filled, today=today)
    except ParametersUnusable:
        sheet = _sheet(request, found, Parameters({}))
        context = screen.context_of_problems(sheet, query, (), today=today) | {"waiting": True}
        return TemplateResponse(request, screen.TEMPLATE, context)
    sheet = _sheet(request, found, parameters)
    if query.get("form", "") in FILES:
        return _file(sheet, query["form"])
    return TemplateResponse(request, screen.TEMPLATE, screen.context(sheet, filled, today=today))


def _sheet(request: UtilityRequest, found: Report, parameters: Parameters) -> Sheet:
    now = timezone.localtime(clock.now())
    return Sheet(found, request.utility.name, parameters, now, request.actor.name)


def _file(sheet: Sheet, form: str) -> HttpResponseBase:
    """The whole file, made within this request's transaction."""
    kind, render = FILES[form]
    try:
        made = render(sheet)
    except TooLongForPaper as too_long:
        raise Refused(str(too_long)) from too_long
    name = f"{sheet.report.code}-{sheet.printed_at:%Y-%m-%d}.{form}"
    file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115  # the response closes it
    for piece in (made,) if isinstance(made, bytes) else made:
        file.write(piece)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=kind)
