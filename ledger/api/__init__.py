"""The endpoints of the ledger, and of accounts with what they owe."""
