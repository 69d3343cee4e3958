"""Pages of the ledger, for the search box."""

from core.find import Command, Numbered

NUMBERED: tuple[Numbered, ...] = ()
COMMANDS = (
    Command("Journals", "/ledger/journals/", "scale", "ledger.view", "ledger postings"),
    Command("Adjustments", "/ledger/adjustments/", "adjustments", "ledger.view", "corrections approve"),
    Command("Write-offs", "/ledger/write-offs/", "flag", "ledger.view", "bad debt given up recovered"),
    Command("History", "/ledger/history/", "stack-2", "ledger.view", "completed move past"),
    Command("Purges", "/ledger/purges/", "trash", "ledger.view", "old history remove archive"),
    Command("Deposits", "/ledger/deposits/", "coins", "ledger.view", "security held applied"),
    Command("Refunds of deposits", "/ledger/refunds/", "arrow-back-up", "ledger.view", "check approve"),
    Command("Periods", "/ledger/periods/", "calendar", "ledger.view", "close month fiscal"),
    Command("Chart of accounts", "/ledger/chart/", "scale", "ledger.view", "general ledger balances"),
)
