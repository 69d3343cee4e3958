"""What is set up about places."""

from core.setup import SetupPage

SETUP = (
    SetupPage(
        "Customers and places", "Routes", "The walks of the meter readers; each belongs to a cycle.",
        "/routes/", "route", "meters.view",
    ),
    SetupPage(
        "Customers and places", "Normal ranges", "What use and demand are normal, by rate or service.",
        "/readings/ranges/", "gauge", "readings.view",
    ),
)  # fmt: skip
