"""Who answers for a location: customers, accounts and the services on them, landlords."""

from customers.models.accounts import Account, AlternateAddress, MoveIn, Note, Service, Standing
from customers.models.drafts import BankDraft
from customers.models.landlords import Holding, Landlord, ManagementCompany
from customers.models.people import Customer, Guarantor

__all__ = [
    "Account",
    "AlternateAddress",
    "BankDraft",
    "Customer",
    "Guarantor",
    "Holding",
    "Landlord",
    "ManagementCompany",
    "MoveIn",
    "Note",
    "Service",
    "Standing",
]
