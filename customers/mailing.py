"""Where the post of an account goes: the customer's address, or the alternate one when bills go there."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Case, F, OuterRef, Subquery, When
from django.db.models.expressions import Combinable

from customers.models import Account, AlternateAddress

COUNTRIES = {
    "AT": "Austria", "AU": "Australia", "BR": "Brazil", "CA": "Canada", "CH": "Switzerland", "CN": "China",
    "DE": "Germany", "DK": "Denmark", "ES": "Spain", "FI": "Finland", "FR": "France", "GB": "United Kingdom",
    "IE": "Ireland", "IN": "India", "IT": "Italy", "JP": "Japan", "KR": "South Korea", "MX": "Mexico",
    "NL": "Netherlands", "NO": "Norway", "NZ": "New Zealand", "PH": "Philippines", "PL": "Poland",
    "PT": "Portugal", "SE": "Sweden",
}  # fmt: skip
"""Names as the post wants them on the last line; a country that is not here is printed by its letters."""


@dataclass(frozen=True, slots=True)
class MailingAddress:
    """An address as the post reads it; ``addressee`` stands below the customer's name.

    ``delivery_point`` only where the post has given one.
    """

    addressee: str
    line_1: str
    line_2: str
    city: str
    state: str
    zip_code: str
    country: str
    postal_code: str
    carrier_route: str
    delivery_point: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines below the customer's name; abroad the country stands on the last."""
        last = f"{self.city} {self.state}  {self.zip_code}".strip()
        country = ""
        if self.country != "US":
            last = " ".join(p for p in (self.city, self.state, self.postal_code or self.zip_code) if p)
            country = COUNTRIES.get(self.country, self.country).upper()
        return tuple(line for line in (self.addressee, self.line_1, self.line_2, last, country) if line)


def main_address(account: Account) -> MailingAddress:
    """The customer's own address."""
    one = account.customer
    return MailingAddress(
        "", one.mail_line_1, one.mail_line_2, one.mail_city, one.mail_state, one.mail_zip,
        one.mail_country, one.mail_postal_code, one.carrier_route, one.delivery_point,
    )  # fmt: skip


def other_address(other: AlternateAddress) -> MailingAddress:
    """The alternate address, for the attention of its own name if it has one."""
    return MailingAddress(
        other.name, other.line_1, other.line_2, other.city, other.state, other.zip_code,
        other.country, other.postal_code, other.carrier_route,
    )  # fmt: skip


def mailing_of(accounts: Iterable[Account]) -> dict[int, MailingAddress]:
    """Where the bills of these accounts go, by account; one query for all alternate addresses."""
    listed = {account.id: account for account in accounts}
    elsewhere = [a.id for a in listed.values() if a.bills_to == Account.BillsTo.ALTERNATE]
    others = {
        other.account_id: other for other in AlternateAddress.objects.filter(account__in=elsewhere)
    } if elsewhere else {}  # fmt: skip
    return {
        number: other_address(others[number]) if number in others else main_address(account)
        for number, account in listed.items()
    }


def mailed(column: str, alternate: str, account: str = "account") -> Combinable:
    """For a query: a column of the customer, or of the alternate address when the account's bills go there.

    ``account`` is the path to the account, such as ``bill__account``.
    """
    there = AlternateAddress.objects.filter(account=OuterRef(f"{account}_id")).values(alternate)[:1]
    return Case(
        When(**{f"{account}__bills_to": Account.BillsTo.ALTERNATE}, then=Subquery(there)),
        default=F(f"{account}__customer__{column}"),
    )
