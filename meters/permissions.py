"""Rights of meters and readings."""

from core.permissions import Permission

PERMISSIONS = (
    Permission("meters.view", "See meters and places", "Meters"),
    Permission("meters.edit", "Change meters and places", "Meters"),
    Permission("readings.view", "See readings", "Meters"),
    Permission("readings.enter", "Enter readings by hand", "Meters"),
    Permission("readings.correct", "Correct a reading", "Meters"),
    Permission("readings.import", "Bring in a file of readings", "Meters"),
    Permission("readings.approve", "Approve readings that stand out", "Meters"),
    Permission("meters.work_order.view", "See work orders", "Meters"),
    Permission("meters.work_order.make", "Make, change and call off work orders", "Meters"),
    Permission("meters.work_order.complete", "Complete work orders", "Meters"),
)
