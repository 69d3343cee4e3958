"""The endpoints of payments and receipts."""
