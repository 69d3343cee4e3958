"""A bill explained on a letter sheet, to be handed or sent to a customer who asks how it came about."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from billing.documents.statement import Brand
from billing.documents.wording import colour_sheet, day, dollars, letterhead, pictures
from billing.explaining import Explanation, ServiceExplained
from billing.inputs import Measured
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
        **letterhead(brand),
    )
    return paper.render(html, css, assets=pictures(brand))


def _service(service: ServiceExplained) -> dict[str, Any]:
    table = service.table
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
        "table": f"{table.name}, in force since {day(table.starts)}" if table else "",
        "source": table.source if table else "",
        "lines": [
            {
                "text": line.text,
                "amount": dollars(line.amount),
                "steps": [step.text for step in line.steps],
                "rounding": "" if line.exact == line.amount else line.rounding,
            }
            for line in service.lines
        ],
    }


def _measured(one: Measured) -> dict[str, str]:
    return {
        "meter": f"{one.meter}{', ' + one.register if one.register else ''}",
        "readings": "; ".join(
            f"{day(r.on)} it showed {r.dial} ({r.source.lower() or 'source unknown'})" for r in one.both
        ),
        "how": one.how,
    }
