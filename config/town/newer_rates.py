"""A town's rates as they changed: a credit for who pays by bank draft, water dearer from mid-month on."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction

from config.town.found import actor
from core.models import Utility
from core.tenancy import scope
from rates.models import RateVersion
from rates.operations import activate_version, draft_version

PERCENT = Decimal(4)
CREDIT = {
    "id": "draft_credit",
    "kind": "fixed",
    "text": "Bank draft credit",
    "revenue_code": "OTHER",
    "amount": "-1.00",
    "when": {"bank_draft": ["yes"]},
}
_PRICES = frozenset({"price", "amount"})


def put_newer_rates(utility: Utility, *, credit_from: date, dearer_from: date) -> None:
    """Refuse gets the draft credit, water becomes dearer; each once, prepared and put in force by two."""
    maker, checker = actor(utility, "admin"), actor(utility, "supervisor")
    for code, starts, changed in (
        ("REFUSE", credit_from, _with_credit),
        ("WATER", dearer_from, _dearer),
    ):
        with scope(utility.id):
            with transaction.atomic():
                versions = list(RateVersion.objects.filter(table__code=code).order_by("starts"))
            if len(versions) != 1:
                continue
            draft = draft_version(
                maker,
                table_id=versions[0].table_id,
                content=changed(versions[0].content),
                starts=starts,
                source=f"Resolution of {starts:%B %Y}",
            )
            activate_version(checker, version_id=draft)


def _with_credit(content: Mapping[str, Any]) -> dict[str, Any]:
    return {**content, "components": [*content["components"], CREDIT]}


def _dearer(content: Mapping[str, Any]) -> dict[str, Any]:
    """All prices higher; a period in which they rise is charged by the days of each."""
    return {**content, "dated_by": "days", "components": [_raised(c) for c in content["components"]]}


def _raised(part: Any, *, prices: bool = False) -> Any:
    if isinstance(part, Mapping):
        return {k: _raised(v, prices=prices or k in _PRICES) for k, v in part.items()}
    if isinstance(part, list):
        return [_raised(one, prices=prices) for one in part]
    if not prices or not isinstance(part, str):
        return part
    try:
        price = Decimal(part)
    except InvalidOperation:
        return part
    return str((price * (100 + PERCENT) / 100).quantize(Decimal("0.01")))
