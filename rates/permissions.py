"""Rights of rate tables."""

from core.permissions import Permission

PERMISSIONS = (
    Permission("rates.view", "See rate tables", "Rates"),
    Permission("rates.edit", "Write rate tables", "Rates"),
    Permission("rates.activate", "Put a rate table into force", "Rates"),
)
