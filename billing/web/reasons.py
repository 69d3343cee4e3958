"""Why a bill is held, not billed or worth a look, in the words of the office."""

from meters.models import ServiceType

REASONS: dict[str, str] = {
    "missing_reading": "No reading",
    "backwards": "Reading went backwards",
    "over_amount": "Over the amount to check",
    "long_period": "Long period",
    "short_period": "Short period",
    "old_reading": "Old reading",
    "over_average": "Far over its own average",
    "high_use": "Use far over its own average",
    "zero_use": "No use for the first time",
    "register_changed": "Register changed since the last bill",
    "meter_twice": "Two registers at once",
    "by_hand": "Held by hand",
    "changed_since": "Changed after it was approved",
    "on_hold": "Account on hold",
    "no_rate": "No rate in force",
    "no_meter": "No meter",
    "no_days": "No days to bill",
    "rating": "Rate could not be worked out",
    "rates_in_a_circle": "Rates wait for each other",
    "no_bill": "Flagged no-bill",
    "nothing_due": "Nothing due",
}

WARNINGS: dict[str, str] = {
    "zero_use": "No use",
    "first_bill": "First bill",
    "high": "High use",
    "low": "Low use",
    "estimated": "Estimated reading",
    "old_reading": "Reading of the first half of the period",
    "large_change": "Large change",
    "last_bill": "Last bill",
    "unbilled_use": "Use on an account that gets no bill",
}


def reason_text(code: str) -> str:
    """A hold's or exception's reason; an unknown one is shown by its own word."""
    return REASONS.get(code) or code.replace("_", " ").capitalize()


def warning_text(code: str) -> str:
    """``zero_use:water`` as “No use, water”."""
    kind, _, service = code.partition(":")
    named = WARNINGS.get(kind) or kind.replace("_", " ").capitalize()
    return f"{named}, {ServiceType(service).label.lower()}" if service in ServiceType.values else named
