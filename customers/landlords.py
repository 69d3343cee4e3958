"""Landlords, the companies that manage for them, and which locations they have (CUS-11, CUS-12)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q

from core.actors import Actor
from core.counters import take_block
from core.errors import Conflict, NotFound, Refused
from core.operations import note, operation
from core.sealed import Sealed, Typed
from core.search import refresh_keys
from core.seen import check
from core.texts import Text, check_post, kept_texts
from customers.customer_file import add_customer
from customers.landlord_texts import COMPANY_TEXTS, LANDLORD_TEXTS, check_licence, check_nine_digits
from customers.models import Customer, Holding, Landlord, ManagementCompany
from customers.sealed import COMPANY_TAX_ID, LANDLORD_LICENCE, LANDLORD_SSN
from meters.models import Location

_SECRET = frozenset({"ssn", "licence", "federal_tax_id", "seen"})
_ENDS = {"ssn": "ssn_last4", "licence": "licence_last4", "federal_tax_id": "federal_tax_id_last4"}


@operation("customers.company.add", permission="customers.edit", quiet=_SECRET)
def add_company(by: Actor, *, texts: Mapping[str, str], federal_tax_id: Typed | None = None) -> int:
    """A new management company; returns its id.  Without a number it gets the next one.

    Raises ``Refused`` at the field that is missing, too long or no number; ``Conflict`` for a taken number.
    """
    made = ManagementCompany(**_whole(COMPANY_TEXTS, texts))
    made.number = _free_number(ManagementCompany, made.number, "company")
    _seal(made, COMPANY_TAX_ID, federal_tax_id)
    made.save()
    refresh_keys("company", [made.id])
    return int(made.id)


@operation("customers.company.change", permission="customers.edit", quiet=_SECRET)
def change_company(
    by: Actor,
    *,
    company_id: int,
    texts: Mapping[str, str],
    federal_tax_id: Typed | None = None,
    seen: str = "",
) -> int:
    """Change a company's fields that are named; returns its id.  The tax id stays unless one is given.

    An empty tax id removes it.  ``seen`` is the mark of what was shown (``core.seen``).  Refusals are those
    of ``add_company``, and ``Stale`` when somebody changed it since.
    """
    found = _locked(ManagementCompany, company_id, "company")
    check(seen, found, company_values(found), columns=_ENDS)
    _put_texts(found, COMPANY_TEXTS, texts, "company")
    _seal(found, COMPANY_TAX_ID, federal_tax_id)
    found.save()
    refresh_keys("company", [found.id])
    return int(found.id)


@operation("customers.landlord.add", permission="customers.edit", quiet=_SECRET)
def add_landlord(
    by: Actor,
    *,
    texts: Mapping[str, str],
    ssn: Typed | None = None,
    licence: Typed | None = None,
    company_id: int | None = None,
    customer_id: int | None = None,
) -> int:
    """A new landlord; returns the id.  ``customer_id`` is who answers for the days between tenants.

    Without a number the landlord gets the next one.  Raises ``Refused`` at the field that is missing, too
    long or no number, ``Conflict`` for a taken number, ``NotFound`` for no such company or customer.
    """
    made = Landlord(**_whole(LANDLORD_TEXTS, texts))
    made.number = _free_number(Landlord, made.number, "landlord")
    _seal(made, LANDLORD_SSN, ssn)
    _seal(made, LANDLORD_LICENCE, licence)
    made.company_id, made.customer_id = _company(company_id), _customer(customer_id)
    made.save()
    refresh_keys("landlord", [made.id])
    return int(made.id)


@operation("customers.landlord.change", permission="customers.edit", quiet=_SECRET)
def change_landlord(
    by: Actor,
    *,
    landlord_id: int,
    texts: Mapping[str, str],
    ssn: Typed | None = None,
    licence: Typed | None = None,
    links: Mapping[str, int | None] | None = None,
    seen: str = "",
) -> int:
    """Change a landlord's fields that are named; returns the id.

    ``links`` may name ``company_id`` and ``customer_id``, each an id or ``None`` for none.  Numbers that are
    sealed stay unless given; an empty one removes it.  ``seen`` is the mark of what was shown
    (``core.seen``).  Refusals are those of ``add_landlord``, and ``Stale`` when somebody changed it since.
    """
    found = _locked(Landlord, landlord_id, "landlord")
    check(
        seen,
        found,
        landlord_values(found),
        columns={**_ENDS, "company": "company_id", "known": "customer_id"},
    )
    _put_texts(found, LANDLORD_TEXTS, texts, "landlord")
    _seal(found, LANDLORD_SSN, ssn)
    _seal(found, LANDLORD_LICENCE, licence)
    for name, known in (("company_id", _company), ("customer_id", _customer)):
        if links and name in links:
            setattr(found, name, known(links[name]))
    found.save()
    refresh_keys("landlord", [found.id])
    return int(found.id)


@operation("customers.holding.add", permission="customers.edit")
def give_location(
    by: Actor,
    *,
    landlord_id: int,
    location_id: int,
    starts: date,
    reverts: bool = False,
    agreed_on: date | None = None,
) -> int:
    """Say that a landlord has a location from a day on; returns the holding's id.

    ``reverts`` is the landlord agreement: while nobody lives there, the landlord answers for it.  A landlord
    who is no customer yet becomes one, with the same name and address.  Raises ``Conflict`` while another
    landlord has the location, ``NotFound`` for no such landlord or location.
    """
    landlord = _locked(Landlord, landlord_id, "landlord")
    if not Location.objects.select_for_update().filter(id=location_id).exists():
        raise NotFound("There is no such location.", "Find it by its address.", field="location_id")
    other = (
        Holding.objects.filter(Q(ends=None) | Q(ends__gt=starts), location=location_id)
        .select_related("landlord")
        .first()
    )
    if other is not None:
        raise Conflict(
            f"{other.landlord.name} has that location since {other.starts:%b %-d, %Y}.",
            "End that first, or let this one begin later.",
            field="location_id",
        )
    made = Holding.objects.create(
        landlord=landlord, location_id=location_id, starts=starts, reverts=reverts, agreed_on=agreed_on
    )
    if reverts:
        _make_customer(by, landlord)
    return int(made.id)


@operation("customers.holding.change", permission="customers.edit", quiet=frozenset({"seen"}))
def change_holding(
    by: Actor,
    *,
    holding_id: int,
    reverts: bool,
    agreed_on: date | None = None,
    ends: date | None = None,
    seen: str = "",
) -> int:
    """Set the landlord agreement of a location, and the day on which the landlord has it no more.

    ``seen`` is the mark of what was shown (``core.seen``).  Returns the holding's id.  Raises ``Refused`` for
    an end that is not after its beginning, ``Conflict`` when taking the end back would overlap with the next
    landlord, ``Stale`` when somebody changed it since.
    """
    found = Holding.objects.select_for_update().filter(id=holding_id).first()
    if found is None:
        raise NotFound("There is no such entry.", "Choose one from the landlord's page.")
    check(seen, found, holding_values(found))
    if ends is not None and ends <= found.starts:
        raise Refused(
            f"The landlord has it from {found.starts:%b %-d, %Y}.", "Let it end after that.", field="ends"
        )
    later = Holding.objects.filter(location=found.location_id, starts__gt=found.starts)
    if (following := later.order_by("starts").first()) and (ends is None or ends > following.starts):
        raise Conflict(
            f"Another landlord has it from {following.starts:%b %-d, %Y}.",
            "Let it end by then.",
            field="ends",
        )
    found.reverts, found.agreed_on, found.ends = reverts, agreed_on, ends
    found.save(update_fields=["reverts", "agreed_on", "ends"])
    if reverts:
        _make_customer(by, _locked(Landlord, found.landlord_id, "landlord"))
    return int(found.id)


def holding_values(row: Holding) -> dict[str, Any]:
    """What the form of a landlord's location shows, by its fields."""
    return {"reverts": row.reverts, "agreed_on": row.agreed_on, "ends": row.ends}


def company_values(row: ManagementCompany) -> dict[str, Any]:
    """What the form of a company shows, by its fields; of a sealed number its end."""
    return {
        **{one.name: getattr(row, one.name) for one in COMPANY_TEXTS},
        "federal_tax_id": masked(row.federal_tax_id_last4),
    }


def landlord_values(row: Landlord) -> dict[str, Any]:
    """What the form of a landlord shows, by its fields; of the sealed numbers their ends."""
    return {
        **{one.name: getattr(row, one.name) for one in LANDLORD_TEXTS},
        "company": row.company.number if row.company else "",
        "known": str(row.customer_id) if row.customer_id else "",
        "ssn": masked(row.ssn_last4),
        "licence": masked(row.licence_last4),
    }


def masked(last4: str) -> str:
    """What is shown of a sealed number; nothing when there is none."""
    return f"•••••{last4}" if last4 else ""


def _make_customer(by: Actor, landlord: Landlord) -> None:
    if landlord.customer_id is not None:
        return
    landlord.customer_id = add_customer(
        by,
        name=landlord.name,
        mail_line_1=landlord.line_1,
        mail_line_2=landlord.line_2,
        mail_city=landlord.city,
        mail_state=landlord.state,
        mail_zip=landlord.zip_code,
        phone=landlord.home_phone,
    )
    landlord.save(update_fields=["customer_id"])


def _whole(fields: tuple[Text, ...], texts: Mapping[str, str]) -> dict[str, str]:
    """The texts of a new row: each field counts, also one that was not sent."""
    return _by_post(kept_texts(fields, {**{one.name: "" for one in fields}, **texts}))


def _by_post(whole: dict[str, str]) -> dict[str, str]:
    check_post(whole, country="country", zip_code="zip_code", postal_code="postal_code")
    return whole


def _seal(row: Any, column: Sealed, typed: Typed | None) -> None:
    """Keep a number that was typed; nothing typed leaves what is there, an empty text takes it out."""
    if typed is None:
        return
    check = check_licence if column is LANDLORD_LICENCE else check_nine_digits
    check(typed.plain, column.field, column.label)
    column.put(row, typed.plain)
    note(**{column.field: "typed anew" if column.normal(typed.plain) else "taken out"})


def _put_texts(row: Any, fields: tuple[Text, ...], texts: Mapping[str, str], series: str) -> None:
    before = {one.name: getattr(row, one.name) for one in fields}
    kept = kept_texts(fields, texts, before)
    _by_post({**before, **kept})
    if kept.get("number", before["number"]) != before["number"]:
        kept["number"] = _free_number(type(row), kept["number"], series)
    for name, value in kept.items():
        setattr(row, name, value)


def _free_number(model: Any, wanted: str, series: str) -> str:
    """The number typed, or the next one that nobody has; raises ``Conflict`` for one that is taken."""
    if wanted:
        if model.objects.filter(number=wanted).exists():
            raise Conflict(
                f"The number {wanted} is taken.", "Leave it empty to get the next one.", field="number"
            )
        return wanted
    while model.objects.filter(number=(number := str(take_block(series, 1)))).exists():
        pass
    return number


def _locked(model: Any, row_id: int, what: str) -> Any:
    found = model.objects.select_for_update().filter(id=row_id).first()
    if found is None:
        raise NotFound(f"There is no such {what}.", "Choose one from the list.", field=f"{what}_id")
    return found


def _company(company_id: int | None) -> int | None:
    if company_id is not None and not ManagementCompany.objects.filter(id=company_id).exists():
        raise NotFound("There is no such company.", "Choose one from the list.", field="company_id")
    return company_id


def _customer(customer_id: int | None) -> int | None:
    if customer_id is not None and not Customer.objects.filter(id=customer_id).exists():
        raise NotFound("There is no such customer.", "Find the customer by name.", field="customer_id")
    return customer_id
