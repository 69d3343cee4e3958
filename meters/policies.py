"""What a utility decides about meters and readings."""

from core.policies import Policy

HIGH_USE_TIMES = "meters.high_use_times"

POLICIES = (
    Policy(
        HIGH_USE_TIMES,
        "High use, in times the average",
        "Meters",
        "count",
        "A reading whose use is more than so many times the register's average of its last twelve readings"
        " is shown before it is approved. Not set: high use is not looked for.",
        "times the average",
    ),
)
