"""Rights of customers and accounts."""

from core.permissions import Permission

PERMISSIONS = (
    Permission("customers.view", "See customers and accounts", "Customers"),
    Permission("customers.edit", "Change customers and accounts", "Customers"),
    Permission("customers.standing.reset", "Set returned payments, late fees and cut-offs back", "Customers"),
)
