"""Rights of the counter."""

from core.permissions import Permission

PERMISSIONS = (
    Permission("payments.post", "Take payments", "Collections"),
    Permission("payments.void", "Void a receipt", "Collections"),
    Permission("payments.override_cash_only", "Take other tender from a CASH ONLY account", "Collections"),
)
