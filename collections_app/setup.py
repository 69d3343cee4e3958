"""What is set up about taking money."""

from core.setup import SetupPage

SETUP = (
    SetupPage(
        "Money", "Cash drawers", "Code, name and chart account of each drawer.", "/settings/drawers/",
        "cash-register", "payments.drawer.edit",
    ),
)  # fmt: skip
