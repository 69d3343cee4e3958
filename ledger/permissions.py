"""Rights of the ledger."""

from core.permissions import Permission

PERMISSIONS = (
    Permission("ledger.view", "See journals and balances", "Ledger"),
    Permission("ledger.chart.edit", "Change the chart of accounts", "Ledger"),
    Permission("ledger.adjust", "Propose adjustments of an account", "Ledger"),
    Permission("ledger.adjust.approve", "Approve adjustments that others propose", "Ledger"),
    Permission("ledger.write_off", "Propose write-offs, record what comes in for them", "Ledger"),
    Permission("ledger.write_off.approve", "Approve write-offs that others propose", "Ledger"),
    Permission("ledger.deposit.use", "Apply deposits and propose their refunds", "Ledger"),
    Permission(
        "ledger.deposit.approve", "Approve refunds of deposits, undo what was done with one", "Ledger"
    ),
    Permission("ledger.period.close", "Close a period", "Ledger"),
    Permission("ledger.purge", "Propose to purge old history, take its archive", "Ledger"),
    Permission("ledger.purge.approve", "Approve the purge that somebody else proposes", "Ledger"),
    Permission("ledger.history.move", "Move completed transactions to history", "Ledger"),
)
