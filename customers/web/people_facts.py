"""What screens say of a person: how to reach them, the ends of what is sealed, who vouches."""

from core.ui.parts import Fact, SealedAt
from customers.models import Customer
from customers.queries import phone_words
from customers.sealed import LICENCE, SSN


def person_facts(one: Customer) -> list[Fact]:
    """How to reach somebody, and the last of their sealed numbers."""
    return [
        Fact("Number", str(one.id)),
        Fact("Home telephone", phone_words(one.phone) or None),
        Fact("Work telephone", phone_words(one.work_phone) or None),
        Fact("Mail", one.email or None),
        Fact("Employer", one.employer or None),
        Fact("Tax number", f"•••-••-{one.ssn_last4}" if one.ssn_last4 else None,
             sealed=SealedAt(SSN.column, one.id, "1")),
        Fact("Driver licence", f"••••{one.licence_last4}" if one.licence else None,
             sealed=SealedAt(LICENCE.column, one.id, "2")),
    ]  # fmt: skip


def main_lines(one: Customer) -> list[str]:
    """The customer's own address, line by line, without the name."""
    last = f"{one.mail_city} {one.mail_state}  {one.mail_zip}"
    abroad = f"{one.mail_postal_code} {one.mail_country}" if one.mail_country != "US" else ""
    return [one.mail_line_1, one.mail_line_2, last, abroad.strip()]


def guarantor_facts(one: Customer) -> list[Fact]:
    """Who vouches for a customer; nothing when nobody does."""
    found = one.guarantor
    if found is None:
        return []
    return [
        Fact("Name", found.name),
        Fact("Address", ", ".join(line for line in (found.line_1, found.line_2) if line)),
        Fact("City", f"{found.city}, {found.state} {found.zip_code}"),
        Fact("Telephone", phone_words(found.phone) or None),
    ]
