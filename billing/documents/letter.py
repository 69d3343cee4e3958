"""A bill explained on a letter sheet, to be handed or sent to a customer who asks how it came about."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from billing.documents.statement import Brand
from billing.documents.wording import colour_sheet, day, dollars, letterhead, pictures
from billing.explaining import BillBefore, Explanation, ServiceExplained
from billing.inputs import Measured
from billing.rests_on import PastShown
from billing.tables_used import TableUsed
from core.ui import paper


@dataclass(frozen=True, slots=True)
class LetterOf:
    """Whose bill the letter explains."""

    bill_number: str
    account_number: str
    customer_name: str
    service_address: str
    billed_on: date
    charges: Decimal


def print_letter(explanation: Explanation, about: LetterOf, brand: Brand) -> bytes:
    """The letter as PDF: each service with its readings, its days, and the arithmetic of each line."""
    css = (paper.stylesheet("explanation.css"), colour_sheet(brand))
    html = paper.fill(
        "explanation.html",
        services=[_service(s) for s in explanation.services],
        about=about,
        billed_on=day(about.billed_on),
        charges=dollars(about.charges),
        problem=explanation.problem,
        before=_before(explanation.before),
        **letterhead(brand),
    )
    return paper.render(html, css, assets=pictures(brand))


def _service(service: ServiceExplained) -> dict[str, Any]:
    period = service.period
    return {
        "name": service.name,
        "amount": dollars(service.amount),
        "period": f"{day(period.start)} to {day(period.end - timedelta(days=1))}, {service.days} days"
        if period and period.end
        else "",
        "measured_by": service.measured_by,
        "measured": [_measured(one) for one in service.measured],
        "inputs": [f"{one.label}: {one.value}" for one in service.inputs],
        "past": [_past(one) for one in service.past],
        "use_told": service.use_told,
        "exempted": [{"text": e.text, "amount": dollars(e.amount), "why": e.why} for e in service.exempted],
        "tables": [_table(one, alone=len(service.tables) == 1) for one in service.tables],
        "lines": [
            {
                "text": line.text,
                "amount": dollars(line.amount),
                "steps": line.steps,
                "rounding": "" if line.exact == line.amount else line.rounding,
            }
            for line in service.lines
        ],
    }


def _past(one: PastShown) -> dict[str, str]:
    measured = "; ".join(
        f"until {day(was.on)}: {format(was.use.normalize(), ',f')} {was.unit}" for was in one.periods
    )
    return {
        "name": one.name,
        "said": " ".join(f"{said}." for said in (measured, one.instead.rstrip(".")) if said),
    }


def _table(one: TableUsed, *, alone: bool) -> dict[str, str]:
    """The version, and where there are several the days that it priced."""
    said = f"{one.name}, in force since {day(one.starts)}"
    if not alone and one.days.end is not None:
        said = f"{day(one.days.start)} to {day(one.days.end - timedelta(days=1))}: {said}"
    return {"said": said, "source": one.source}


def _before(was: BillBefore | None) -> str:
    if was is None:
        return ""
    said = f"This bill replaces bill {was.number} of {dollars(was.charges)}, cancelled on"
    return f"{said} {day(was.cancelled_on)}: {was.reason}. {was.difference}"


def _measured(one: Measured) -> dict[str, str]:
    return {
        "meter": f"{one.meter}{', ' + one.register if one.register else ''}",
        "readings": "; ".join(
            f"{day(r.on)} it showed {r.dial} ({r.source.lower() or 'source unknown'})" for r in one.both
        ),
        "how": one.how,
    }
