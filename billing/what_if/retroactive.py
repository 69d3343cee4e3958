"""What putting a version in force would mean for bills that were posted for its days.

A version that starts in the past changes no bill by itself.  It is shown which bills would have been
otherwise, each with both amounts; who puts the version in force confirms exactly that by its mark.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from billing.assembly import AccountFacts, Terms
from billing.assembly.periods import days_to_bill
from billing.gather import RateBook
from billing.what_if.rerating import with_tables
from rates.engine import Tariff, content_hash, parse_tariff
from rates.models import RateVersion

# Bills of the version's days with a service of its table.  What priced a service is kept with the bill:
# the service may have another rate by now.
_CONCERNED = """
SELECT b.run_id, b.id, b.charges
FROM billing_bill b JOIN billing_preparedbill p ON p.id = b.prepared_id
WHERE b.is_live AND b.ends > %(starts)s AND (%(ends)s::date IS NULL OR b.starts < %(ends)s)
  AND EXISTS (SELECT FROM jsonb_array_elements(p.facts -> 8) s WHERE s ->> 2 = %(code)s)
ORDER BY b.run_id, b.id
"""


@dataclass(frozen=True, slots=True)
class Since:
    """The versions of one table as they would be in force with one more among them."""

    code: str
    table_id: int
    book: RateBook

    @classmethod
    def of(cls, version: RateVersion, content: Mapping[str, Any]) -> "Since":
        """The version's table with that content in force for the version's days; wants ``table`` selected."""
        active = RateVersion.objects.filter(table=version.table_id, state="active").exclude(id=version.id)
        rows = active.order_by("starts").values_list("starts", "ends", "content")
        before = [(starts, _until(starts, ends, version.starts), c) for starts, ends, c in rows]
        versions = sorted([*before, (version.starts, version.ends, content)], key=lambda v: v[0])
        tariffs = {content_hash(c): parse_tariff(c) for _, _, c in versions}
        spans = tuple((starts, ends, content_hash(c)) for starts, ends, c in versions)
        book = RateBook({version.table_id: spans}, tariffs)
        return cls(version.table.code, version.table_id, book)

    @property
    def tariffs(self) -> Mapping[str, Tariff]:
        """All its versions, by content hash."""
        return self.book.tariffs

    @property
    def codes(self) -> frozenset[str]:
        """The rate code of the table."""
        return frozenset({self.code})

    def service(self, kept: list[Any], terms: Terms) -> list[Any] | None:
        """The facts of a service priced by the versions as they would be; ``None`` when that is as it is."""
        service = AccountFacts.from_json([0, "", "", 0, 0, 0, 0, [], [kept]]).services[0]
        first, end = days_to_bill(
            terms, service.starts, service.ends, service.billed_to, service.registers, service.billed_in
        )
        parts = self.book.parts_of(self.table_id, first, end)
        if tuple(part.tariff_hash for part in parts) == service.tariff_hashes and (
            len(parts) == 1 or parts == service.parts
        ):
            return None
        return with_tables(kept, [(part.since.isoformat(), part.tariff_hash) for part in parts])


def _until(starts: date, ends: date | None, new: date) -> date | None:
    """An open version ends where the new one starts, as putting it in force makes it."""
    return new if ends is None and starts < new else ends


@dataclass(frozen=True, slots=True)
class Concerned:
    """The posted bills of a version's days with a service of its table."""

    runs: tuple[int, ...]
    bills: int
    mark: str


def concerned(version: RateVersion, code: str) -> Concerned:
    """The bills, and the mark of exactly these bills with exactly this version; one query.

    A bill does not change once it is posted, and neither does a version, so the same mark means the same
    amounts.
    """
    with connection.cursor() as cursor:
        cursor.execute(_CONCERNED, {"starts": version.starts, "ends": version.ends, "code": code})
        rows = cursor.fetchall()
    digest = hashlib.sha256(f"{version.content_hash}|{version.starts}|{version.ends}\n".encode())
    for _, bill_id, charges in rows:
        digest.update(f"{bill_id}|{charges}\n".encode())
    runs = tuple(sorted({run_id for run_id, _, _ in rows}))
    return Concerned(runs, len(rows), digest.hexdigest() if rows else "")
