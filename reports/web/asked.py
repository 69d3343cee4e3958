"""What an operator asked of each report last, kept with their session: offered, never applied unasked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from core.web.requests import UtilityRequest
from reports.kit import Report
from reports.parameters import SHOWN_HOW, Parameters

_KEPT = "reports_asked"


@dataclass(frozen=True, slots=True)
class Asked:
    """An earlier question: its address, and in words."""

    query: dict[str, str]
    text: str


def keep_asked(
    request: UtilityRequest, report: Report, query: Mapping[str, str], parameters: Parameters, today: date
) -> None:
    """Remember the answers that were typed and differ from the defaults; a default follows the day."""
    defaults = {p.name: str(p.default(today)) for p in report.parameters if p.default}
    typed = {
        name: text
        for name, text in query.items()
        if name not in SHOWN_HOW and text and not defaults.get(name, "").startswith(text)
    }
    labels = {p.label for p in report.parameters if p.name in typed}
    text = ", ".join(f"{label} {shown}" for label, shown in parameters.shown if label in labels)
    kept = dict(request.session.get(_KEPT, {}))
    if typed and kept.get(_place(request, report)) != [typed, text]:
        request.session[_KEPT] = {**kept, _place(request, report): [typed, text]}


def asked_last(request: UtilityRequest, report: Report) -> Asked | None:
    """What was asked last, unless it is what is asked now."""
    found = request.session.get(_KEPT, {}).get(_place(request, report))
    if not found:
        return None
    query, text = found
    now = {name: value for name, value in request.GET.items() if name not in SHOWN_HOW}
    return None if query.items() <= now.items() else Asked(query, text)


def _place(request: UtilityRequest, report: Report) -> str:
    return f"{request.utility.id}:{report.code}"
