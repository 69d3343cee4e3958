"""What a utility decides about single charges and adjustments."""

from core.policies import Policy
from ledger.deposit_models import DepositService

USUAL_DEPOSIT = "ledger.usual_deposit"
CHARGE_DUE_DAYS = "ledger.charge_due_days"
ADJUSTMENT_REASONS = "ledger.adjustment_reasons"
HISTORY_AFTER_MONTHS = "ledger.history_after_months"
HISTORY_KEPT_MONTHS = "ledger.history_kept_months"

USUAL_REASONS = (
    "Billing error",
    "Misread meter",
    "Leak allowance",
    "Courtesy",
    "Damage or labour",
    "Disputed charge settled",
    "Other",
)
"""Reasons of adjustments while a utility has set none of its own."""

POLICIES = (
    Policy(
        CHARGE_DUE_DAYS,
        "Days until a single charge is due",
        "Ledger",
        "count",
        "Charges outside of a bill: adjustments, fees of returned payments. Not set: due on their day.",
        "days",
    ),
    Policy(
        ADJUSTMENT_REASONS,
        "Reasons for adjustments",
        "Ledger",
        "text",
        "What an adjustment may be for, separated by “;”. Not set: the usual ones.",
    ),
    Policy(
        HISTORY_AFTER_MONTHS,
        "Months until completed transactions move to history",
        "Ledger",
        "count",
        "Whole months; what was completed before them is moved each month. Not set: only by hand.",
        "months",
    ),
    Policy(
        HISTORY_KEPT_MONTHS,
        "Months that history is kept",
        "Ledger",
        "count",
        "What is settled may be purged after so many whole months, by two persons. Not set: never.",
        "months",
    ),
    *(
        Policy(
            USUAL_DEPOSIT if code == "all" else f"{USUAL_DEPOSIT}_{code}",
            f"Usual deposit: {label.lower()}",
            "Deposits",
            "amount",
            "Proposed when a deposit is taken; whoever takes it may change it. Not set: none is proposed.",
            "dollars",
        )
        for code, label in DepositService.choices
    ),
)
