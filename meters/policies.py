"""What a utility decides about meters and readings."""

from core.policies import Policy

HIGH_USE_TIMES = "meters.high_use_times"
LOW_USE_PERCENT = "meters.low_use_percent"

POLICIES = (
    Policy(
        HIGH_USE_TIMES,
        "High use, in times the average",
        "Meters",
        "count",
        "A reading whose use is more than so many times the register's own use in the same season a year"
        " before (or else its average of the last twelve readings) is shown before it is kept. Not set: high"
        " use is not looked for.",
        "times the average",
    ),
    Policy(
        LOW_USE_PERCENT,
        "Low use, in per cent of the average",
        "Meters",
        "percent",
        "A reading whose use is less than so many per cent of that same average is shown before it is kept:"
        " the meter may be stuck. Not set: only no use at all is shown.",
        "% of the average",
    ),
)
