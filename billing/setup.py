"""What is set up about billing."""

from core.setup import SetupPage

SETUP = (
    SetupPage(
        "Billing", "Cycles and routes",
        "Which routes are billed together; a warning when one is in no cycle.",
        "/settings/cycles/", "refresh", "billing.cycle.edit",
    ),
    SetupPage(
        "Billing", "Look of bills", "The logo and colours of bills, receipts and letters.",
        "/settings/bills/", "pencil", "bills.look",
    ),
    SetupPage(
        "Billing", "Bills that came out otherwise",
        "Posted bills are made again each night; what differed, and whether it is done at all.",
        "/bills/alarms/", "alert-circle", "bills.remake",
    ),
)  # fmt: skip
