"""Rate tables by their code, for the search box."""

from core.find import Command, Numbered
from core.search import Result
from rates.models import RateTable


def tables_coded(text: str) -> list[Result]:
    """The rate table of exactly that code."""
    if text.isdigit():
        return []  # numbers are asked for all day; no table is called by one
    found = RateTable.objects.filter(code__iexact=text)
    return [
        Result("rate", t.id, f"{t.code}  {t.name}", "Rate table", "rates:table", (t.code,)) for t in found
    ]


NUMBERED = (Numbered("Rates", "receipt-tax", "rates.view", tables_coded),)
COMMANDS = (
    Command("Rates", "/rates/", "receipt-tax", "rates.view", "tariffs prices"),
    Command("Taxes and riders", "/rates/shared/", "coins", "rates.view", "tax rider power cost adjustment"),
    Command("New rate table", "/rates/new/", "plus", "rates.edit", "tariff"),
)
