"""What of customers, landlords and companies is kept sealed."""

from core.sealed import Sealed

SSN = Sealed(
    "customers", "Customer", "ssn", index="ssn_index", last4="ssn_last4", label="Social security number"
)
LICENCE = Sealed(
    "customers",
    "Customer",
    "licence",
    index="licence_index",
    last4="licence_last4",
    alphabet="letters",
    label="Driver licence",
)
LANDLORD_SSN = Sealed(
    "customers",
    "Landlord",
    "ssn",
    index="ssn_index",
    last4="ssn_last4",
    label="Landlord’s social security number",
)
LANDLORD_LICENCE = Sealed(
    "customers",
    "Landlord",
    "licence",
    index="licence_index",
    last4="licence_last4",
    alphabet="letters",
    label="Landlord’s driver licence",
)
COMPANY_TAX_ID = Sealed(
    "customers",
    "ManagementCompany",
    "federal_tax_id",
    last4="federal_tax_id_last4",
    label="Company’s federal tax id",
)

SEALED = (SSN, LICENCE, LANDLORD_SSN, LANDLORD_LICENCE, COMPANY_TAX_ID)
