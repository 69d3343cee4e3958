"""What of customers, landlords and companies is kept sealed."""

from core.sealed import Sealed

SSN = Sealed(
    "customers",
    "Customer",
    "ssn",
    index="ssn_index",
    last4="ssn_last4",
    label="Social security number",
    page="customers:customer",
)
LICENCE = Sealed(
    "customers",
    "Customer",
    "licence",
    index="licence_index",
    last4="licence_last4",
    alphabet="letters",
    label="Driver licence",
    page="customers:customer",
)
LANDLORD_SSN = Sealed(
    "customers",
    "Landlord",
    "ssn",
    index="ssn_index",
    last4="ssn_last4",
    label="Landlord’s social security number",
    page="customers:landlord",
)
LANDLORD_LICENCE = Sealed(
    "customers",
    "Landlord",
    "licence",
    index="licence_index",
    last4="licence_last4",
    alphabet="letters",
    label="Landlord’s driver licence",
    page="customers:landlord",
)
COMPANY_TAX_ID = Sealed(
    "customers",
    "ManagementCompany",
    "federal_tax_id",
    last4="federal_tax_id_last4",
    label="Company’s federal tax id",
    page="customers:company",
)
BANK_ACCOUNT = Sealed(
    "customers",
    "BankDraft",
    "number",
    index="number_index",
    last4="number_last4",
    alphabet="letters",
    label="Bank account number",
    page="customers:bank_draft",
)

SEALED = (SSN, LICENCE, LANDLORD_SSN, LANDLORD_LICENCE, COMPANY_TAX_ID, BANK_ACCOUNT)
