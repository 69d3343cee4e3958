"""What of a customer is kept sealed."""

from core.sealed import Sealed

SSN = Sealed(
    "customers", "Customer", "ssn", index="ssn_index", last4="ssn_last4", label="Social security number"
)

SEALED = (SSN,)
