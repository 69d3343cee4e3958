"""What is set up about prices."""

from core.setup import SetupPage

SETUP = (
    SetupPage(
        "Billing", "Rates", "What is charged, in dated versions that a second person puts in force.",
        "/rates/", "receipt-tax", "rates.view",
    ),
)  # fmt: skip
