"""What must be there before an operation on rates can be done through the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from config.town.found import tariff

if TYPE_CHECKING:
    from tests.world.api_desk import Desk

Facts = dict[str, Any]


def _id(made: Any) -> int:
    return int(made["id"])


def a_new_version(desk: Desk) -> Facts:
    """A version of a rate that may be kept."""
    content = tariff(desk.town.plan.rates["refuse"])
    rate = desk.partner.first("rates/", service_type="refuse")["id"]
    return {"rate_id": rate, "body": {"starts": "2027-01-01", "content": content, "source": "Ordinance 12"}}


def a_draft_of_another(desk: Desk) -> Facts:
    """A version that waits for a second person."""
    new = a_new_version(desk)
    return {"version_id": _id(desk.made(f"rates/{new['rate_id']}/versions/", new["body"], desk.other))}


def a_draft_of_its_own(desk: Desk) -> Facts:
    """A version that this partner may still change."""
    new = a_new_version(desk)
    return {"version_id": _id(desk.made(f"rates/{new['rate_id']}/versions/", new["body"]))}


def a_rate_s_file(desk: Desk) -> Facts:
    """A table taken away, to be brought in under another code."""
    rate = desk.partner.first("rates/", service_type="refuse")["id"]
    return {"body": {"content": desk.partner.get(f"rates/{rate}/file/"), "code": f"T{uuid4().hex[:8]}"}}


def a_taxed_rate(desk: Desk) -> Facts:
    """A table in force with a tax, and what changes it."""
    code, tax = f"T{uuid4().hex[:8]}", f"T{uuid4().hex[:8]}"
    rate = _id(desk.made("rates/", {"code": code, "name": "Carts", "service_type": "refuse"}))
    cart = {"id": "cart", "kind": "fixed", "text": "Cart", "revenue_code": "TRASH", "amount": "16.00"}
    line = {"id": "tax", "kind": "tax", "text": "Sales tax", "revenue_code": "TAX", "tax_code": tax}
    charges = [{**cart, "taxable": True}, {**line, "percent": "5"}]
    content = {"name": "Carts", "service_type": "refuse", "components": charges}
    draft = desk.made(f"rates/{rate}/versions/", {"starts": "2026-01-01", "content": content})
    desk.made(f"rate-versions/{_id(draft)}/activate/", {}, desk.other)
    change = {"kind": "tax", "name": tax, "value": "6.25", "starts": "2027-01-01", "rates": [code]}
    return {"body": change}


def a_trial(desk: Desk) -> Facts:
    """A version, and the facts of one bill for it."""
    asked = {"from": "2026-09-01", "days": 30, "numbers": {"carts": "2"}}
    return {**a_draft_of_its_own(desk), "body": asked}


RATES_READY: dict[str, Callable[[Desk], Facts]] = {
    "POST api:rate_versions": a_new_version,
    "POST api:rate_files": a_rate_s_file,
    "POST api:rate_version_activate": a_draft_of_another,
    "PATCH api:rate_version": a_draft_of_its_own,
    "POST api:rate_version_withdraw": a_draft_of_its_own,
    "POST api:rate_version_trial": a_trial,
    "POST api:shared_rate_values": a_taxed_rate,
}
