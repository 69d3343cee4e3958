"""What is set up about places."""

from core.setup import SetupPage

SETUP = (
    SetupPage(
        "Customers and places", "Routes", "The walks of the meter readers; each belongs to a cycle.",
        "/routes/", "route", "meters.view",
    ),
)  # fmt: skip
