"""Rights of the counter."""

from core.permissions import Permission

PERMISSIONS = (
    Permission("payments.view", "See receipts, drawers and the register", "Collections"),
    Permission("payments.post", "Take payments with a drawer of one's own", "Collections"),
    Permission("payments.void", "Void a receipt", "Collections"),
    Permission("payments.return", "Enter a payment that the bank sent back", "Collections"),
    Permission("payments.override_cash_only", "Take other tender from a CASH ONLY account", "Collections"),
    Permission("payments.override_split", "Lay a payment on charges by hand", "Collections"),
    Permission("payments.drawer.edit", "Set up drawers", "Collections"),
    Permission("payments.close_others", "Count and close somebody else's drawer", "Collections"),
)
