"""What a utility decides about its customers and accounts."""

from core.policies import Policy

NUMBER_PATTERN = "customers.number_pattern"
NUMBER_CHECK = "customers.number_check_digit"

POLICIES = (
    Policy(
        NUMBER_PATTERN,
        "Account number pattern",
        "Customers",
        "text",
        "Each # is a digit of the running number, everything else stands as typed: 10-######. "
        "Not set: account numbers are typed by hand.",
    ),
    Policy(
        NUMBER_CHECK,
        "Check digit at the end",
        "Customers",
        "flag",
        "Adds a check digit (Luhn) to each assigned number, so that a mistyped one is noticed.",
    ),
)
