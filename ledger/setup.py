"""What is set up about money."""

from core.setup import SetupPage

SETUP = (
    SetupPage(
        "Money", "Chart of accounts", "The accounts of the general ledger: add and rename.",
        "/settings/chart/", "scale", "ledger.chart.edit",
    ),
    SetupPage(
        "Money", "Revenue codes and paying order",
        "What charges are called, the account they lead to, which is paid first.", "/settings/revenue-codes/",
        "coins", "ledger.chart.edit",
    ),
)  # fmt: skip
