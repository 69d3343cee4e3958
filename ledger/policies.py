"""What a utility decides about single charges."""

from core.policies import Policy

CHARGE_DUE_DAYS = "ledger.charge_due_days"

POLICIES = (
    Policy(
        CHARGE_DUE_DAYS,
        "Days until a single charge is due",
        "Ledger",
        "count",
        "Charges outside of a bill: adjustments, fees of returned payments. Not set: due on their day.",
        "days",
    ),
)
