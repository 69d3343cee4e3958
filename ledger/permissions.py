"""Rights of the ledger."""

from core.permissions import Permission

PERMISSIONS = (
    Permission("ledger.view", "See journals and balances", "Ledger"),
    Permission("ledger.period.close", "Close a period", "Ledger"),
)
