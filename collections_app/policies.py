"""What a utility decides about taking money."""

from core.policies import Policy

OVERPAYMENT = "collections.overpayment_over"
BLIND_CLOSE = "collections.blind_close"
RETURN_FEE = "collections.return_fee"

POLICIES = (
    Policy(
        OVERPAYMENT,
        "Ask before keeping more than",
        "Collections",
        "amount",
        "An overpayment above this amount has to be confirmed; it becomes the customer's credit.",
        "dollars",
    ),
    Policy(
        BLIND_CLOSE,
        "Count before seeing what is expected",
        "Collections",
        "flag",
        "Whoever closes their own drawer counts it first and is shown afterwards what was expected.",
    ),
    Policy(
        RETURN_FEE,
        "Fee for a returned payment",
        "Collections",
        "amount",
        "Proposed when the bank sends a payment back; whoever enters it may change it.",
        "dollars",
    ),
)
