"""What is set up about billing."""

from core.setup import SetupPage

SETUP = (
    SetupPage(
        "Billing", "Cycles and routes",
        "Which routes are billed together; a warning when one is in no cycle.",
        "/settings/cycles/", "refresh", "billing.cycle.edit",
    ),
)  # fmt: skip
