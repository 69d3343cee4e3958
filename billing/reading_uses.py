"""What bills made of a reading: one that stands keeps it, one being prepared is made again."""

from django.db.models import Q

from billing.assembly import UsedReading
from billing.holds import make_again
from billing.models import PreparedBill, RegisterUse
from core.errors import Refused
from customers.models import Service
from meters.models import Installation, Reading
from meters.reading_uses import ReadingUse

_DECIDED = ("approved",)
_UNDER_REVIEW = ("prepared", "reviewed")


def _check(reading: Reading) -> None:
    used = RegisterUse.objects.filter(
        Q(from_reading=reading) | Q(to_reading=reading), register=reading.register_id, is_live=True
    )
    one = used.select_related("bill__account").order_by("bill__number").first()
    if one is not None:
        raise Refused(
            f"Bill {one.bill.number} of account {one.bill.account.number} was made from this reading.",
            f"Cancel bill {one.bill.number} first; the account is billed again from the corrected reading.",
            code="billed",
        )
    decided = [row for row in _staged(reading, _DECIDED) if _uses(row, reading)]
    if decided:
        raise Refused(
            f"Run {decided[0].run_id} is approved with this reading.",
            "Post it; then cancel the bill and correct the reading.",
            code="approved",
        )


def _follow(reading: Reading) -> None:
    """Bills under review that were made from the reading it replaces are made again, and reviewed again."""
    by_run: dict[int, list[int]] = {}
    for row in _staged(reading, _UNDER_REVIEW):
        by_run.setdefault(row.run_id, []).append(row.account_id)
    for run_id, accounts in sorted(by_run.items()):
        make_again(run_id, accounts)


def _uses(row: PreparedBill, reading: Reading) -> bool:
    """Whether the bill that will be posted was made from the reading."""
    if row.state != "ready" or not row.measured:
        return False
    used = (UsedReading.from_json(one) for one in row.measured[1])
    return any(reading.id in (one.from_id, one.to_id) for one in used)


def _staged(reading: Reading, states: tuple[str, ...]) -> list[PreparedBill]:
    """Staged bills of these runs where the register counts."""
    points = Installation.objects.filter(meter=reading.register.meter_id).values("service_point")
    accounts = Service.objects.filter(service_point__in=points).values("account")
    rows = PreparedBill.objects.filter(account__in=accounts, run__state__in=states).order_by("run", "account")
    return list(rows)


READING_USES = (ReadingUse(_check, _follow),)
