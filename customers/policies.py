"""What a utility decides about its customers and accounts."""

from datetime import date

from core.policies import Policy, value_on

NUMBER_PATTERN = "customers.number_pattern"
NUMBER_CHECK = "customers.number_check_digit"
MOST_METERED = "customers.most_metered"
MOST_FLAT = "customers.most_flat"
CLEAN_DAYS = "customers.clean_days"
USUALLY_METERED, USUALLY_FLAT = 5, 7

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
    Policy(
        MOST_METERED,
        "Metered services on one account",
        "Customers",
        "count",
        f"How many an account may have at once. Not set: {USUALLY_METERED}.",
        unit="services",
    ),
    Policy(
        MOST_FLAT,
        "Flat-rate services on one account",
        "Customers",
        "count",
        f"How many an account may have at once. Not set: {USUALLY_FLAT}.",
        unit="services",
    ),
    Policy(
        CLEAN_DAYS,
        "Clean days until a payment record is cleared",
        "Customers",
        "count",
        "After so many days without another one, an account’s returned payments, late fees and times on the "
        "cut-off list each go back to none. Not set: they are never cleared.",
        unit="days",
    ),
)


def most_metered(on: date) -> int:
    """How many metered services an account may have at once on that day."""
    found = value_on(MOST_METERED, on)
    return USUALLY_METERED if found is None else int(found)


def clean_days(on: date) -> int | None:
    """After how many clean days the counters of an account go back to none; ``None``: never."""
    found = value_on(CLEAN_DAYS, on)
    return None if found is None else int(found)


def most_flat(on: date) -> int:
    """How many flat-rate services an account may have at once on that day."""
    found = value_on(MOST_FLAT, on)
    return USUALLY_FLAT if found is None else int(found)
