"""What a utility decides about taking money."""

from core.policies import Policy

OVERPAYMENT = "collections.overpayment_over"

POLICIES = (
    Policy(
        OVERPAYMENT,
        "Ask before keeping more than",
        "Collections",
        "amount",
        "An overpayment above this amount has to be confirmed; it becomes the customer's credit.",
        "dollars",
    ),
)
