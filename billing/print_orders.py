"""In which order a run's bills are printed, and which go into a batch of their own (BIL-07)."""

from collections.abc import Mapping

from django.db.models import CharField
from django.db.models.functions import Left, Lower

from billing.models import Bill, Run
from core.errors import Refused
from customers.mailing import mailed

MAIL, DRAFT = "mail", "draft"
GROUPS: Mapping[str, str] = {MAIL: "To be paid", DRAFT: "Paid by bank draft"}
"""What is printed apart, by its code."""

_WALK = ("account__location__route__code", "account__location__sequence")
ORDERS: Mapping[str, str] = {
    "zip": "ZIP code, then route",
    "route": "Route and place on it",
    "carrier": "Carrier route of the post",
    "name": "Name, alphabetical",
}
_SORTED: Mapping[str, tuple[str, ...]] = {
    "zip": ("zip5", *_WALK),
    "route": _WALK,
    "carrier": ("zip5", "carrier", "account__customer__delivery_point", *_WALK),
    "name": ("name", "account__number"),
}
USUAL = "zip"


def printing_order(run: Run, order: str) -> dict[str, list[int]]:
    """The run's live bills by group, each group in the order asked for; a group without bills is left out.

    ZIP codes are those of the mailing address.  Raises ``Refused`` for an order nobody knows.
    """
    if order not in ORDERS:
        raise Refused(f"“{order}” is no printing order.", f"Use one of {', '.join(ORDERS)}.", field="order")
    rows = Bill.objects.filter(run=run, is_live=True).annotate(
        zip5=Left(mailed("mail_zip", "zip_code"), 5),
        name=Lower("account__customer__name", output_field=CharField()),
        carrier=mailed("carrier_route", "carrier_route"),
    )
    found: dict[str, list[int]] = {}
    pairs = rows.order_by(*_SORTED[order], "id").values_list("id", "account__pays_by_draft")
    for bill_id, by_draft in pairs:
        found.setdefault(DRAFT if by_draft else MAIL, []).append(bill_id)
    return {group: found[group] for group in GROUPS if group in found}
