"""Overpayments pay new charges: liability down, receivable down (BIL-04)."""

from ledger.applying import apply_credits

__all__ = ["apply_credits"]
