"""Rights of meters and readings."""

from core.permissions import Permission

PERMISSIONS = (
    Permission("meters.view", "See meters and places", "Meters"),
    Permission("meters.edit", "Change meters and places", "Meters"),
    Permission("readings.view", "See readings", "Meters"),
    Permission("readings.import", "Bring in a file of readings", "Meters"),
    Permission("readings.approve", "Approve readings that stand out", "Meters"),
)
