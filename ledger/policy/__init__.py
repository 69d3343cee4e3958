"""Pure rules of the ledger: how money is laid on what is owed."""

from ledger.policy.distribution import Laid, OpenCharge, distribute

__all__ = ["Laid", "OpenCharge", "distribute"]
