"""The chart of accounts: its default rows, and how the program finds an account by its role."""

from dataclasses import dataclass

from core.actors import Actor
from core.errors import Refused
from core.operations import operation
from ledger.models import ChartAccount, RevenueCode

DEFAULT_CHART = (
    ("1010", "Cash drawers", "asset", "drawer"),
    ("1015", "Safe and deposits under way", "asset", "safe"),
    ("1020", "Bank", "asset", "bank"),
    ("1200", "Utility receivables", "asset", "receivable"),
    ("2100", "Customer credit balances", "liability", "customer_credit"),
    ("2200", "Customer deposits held", "liability", "deposits_held"),
    ("2300", "Refunds payable", "liability", "refunds_payable"),
    ("2400", "Sales tax payable", "liability", "tax_payable"),
    ("4100", "Water revenue", "revenue", ""),
    ("4200", "Sewer revenue", "revenue", ""),
    ("4300", "Electric revenue", "revenue", ""),
    ("4400", "Gas revenue", "revenue", ""),
    ("4500", "Refuse revenue", "revenue", ""),
    ("4600", "Drainage revenue", "revenue", ""),
    ("4700", "Other charges", "revenue", ""),
    ("4800", "Late fees and penalties", "revenue", "late_fees"),
    ("4810", "Returned payment fees", "revenue", "return_fees"),
    ("6100", "Bad debt", "expense", "bad_debt"),
    ("6200", "Interest on deposits", "expense", "deposit_interest"),
    ("6900", "Cash over and short", "expense", "over_short"),
)

DEFAULT_REVENUE_CODES = (
    ("TAX", "Sales tax", "2400", 10),
    ("LATEFEE", "Late fee", "4800", 20),
    ("RETURNFEE", "Returned payment fee", "4810", 20),
    ("ELECTRIC", "Electric", "4300", 30),
    ("LOADCONTROL", "Load control credit", "4300", 30),
    ("GAS", "Gas", "4400", 30),
    ("GASPGA", "Purchased gas adjustment", "4400", 30),
    ("GASDSM", "Gas demand side management", "4400", 30),
    ("WATER", "Water", "4100", 40),
    ("FIRE", "Fire protection", "4100", 45),
    ("SEWER", "Sewer", "4200", 50),
    ("SEWERLOAN", "Sewer loan surcharge", "4200", 55),
    ("TRASH", "Refuse", "4500", 60),
    ("STORM", "Drainage", "4600", 70),
    ("PUBLICSERVICE", "Public service fee", "4700", 80),
    ("STREETLIGHT", "Street light", "4700", 80),
    ("OTHER", "Other charges", "4700", 90),
)


@dataclass(frozen=True, slots=True)
class Chart:
    """The ids a posting needs, read once: accounts by role, and revenue codes with their priority."""

    roles: dict[str, int]
    revenue: dict[str, int]
    priority: dict[str, int]

    def role(self, name: str) -> int:
        """The chart account with that role; raises ``Refused`` when the chart has none."""
        try:
            return self.roles[name]
        except KeyError:
            raise Refused(
                f"The chart of accounts has no account with the role “{name}”.", "Give one account that role."
            ) from None

    def revenue_account(self, code: str) -> int:
        """The chart account a rate's revenue code maps to; raises ``Refused`` when it maps to none."""
        try:
            return self.revenue[code]
        except KeyError:
            raise Refused(
                f"The revenue code “{code}” is mapped to no account.", "Map it in the chart of accounts."
            ) from None


def read_chart() -> Chart:
    """The chart of the utility in scope, in two queries."""
    codes = list(RevenueCode.objects.values_list("code", "chart_account_id", "priority"))
    return Chart(
        roles=dict(ChartAccount.objects.exclude(role="").values_list("role", "id")),
        revenue={code: account for code, account, _ in codes},
        priority={code: priority for code, _, priority in codes},
    )


@operation("ledger.chart.create", permission="ledger.chart.edit")
def create_default_chart(by: Actor) -> int:
    """Give a new utility the default chart and revenue codes; returns how many accounts it has."""
    ChartAccount.objects.bulk_create(
        [ChartAccount(code=c, name=n, kind=k, role=r) for c, n, k, r in DEFAULT_CHART], ignore_conflicts=True
    )
    ids = dict(ChartAccount.objects.values_list("code", "id"))
    RevenueCode.objects.bulk_create(
        [
            RevenueCode(code=c, name=n, chart_account_id=ids[a], priority=p)
            for c, n, a, p in DEFAULT_REVENUE_CODES
        ],
        ignore_conflicts=True,
    )
    return len(ids)
