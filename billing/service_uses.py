"""What runs made of an account’s services: one approved keeps them, a bill under review is made again."""

from billing.holds import make_again
from billing.models import PreparedBill
from core.errors import Conflict
from customers.models import Service
from customers.service_uses import ServiceUse


def _check(service: Service) -> None:
    """Raise ``Conflict`` while a bill of the account is approved and not posted."""
    decided = PreparedBill.objects.filter(account=service.account_id, run__state="approved", state="ready")
    run = decided.order_by("run").values_list("run_id", flat=True).first()
    if run is not None:
        raise Conflict(
            f"Run {run} is approved with a bill of this account.",
            "Post it first; then change the service for what comes after.",
            code="approved",
        )


def _follow(service: Service) -> None:
    """Bills of the account under review are made again, and reviewed again."""
    rows = PreparedBill.objects.filter(
        account=service.account_id, run__state__in=("prepared", "reviewed")
    ).exclude(state="posted")
    for run_id in sorted(set(rows.values_list("run_id", flat=True))):
        make_again(run_id, [service.account_id])


SERVICE_USES = (ServiceUse(_check, _follow),)
