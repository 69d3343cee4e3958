"""What finds landlords and management companies: number, name, address, telephones, and each other."""

from collections.abc import Iterable, Sequence

from core.search import Result, Said, SearchKind, keys_said
from core.search.tokens import number_tokens, phone_tokens, tokens
from customers.models import Landlord, ManagementCompany
from customers.queries import phone_words


def landlord_said(refs: Sequence[int]) -> dict[int, list[Said]]:
    """What each landlord is found under; the company's name as well."""
    rows = Landlord.objects.filter(id__in=refs).values_list(
        "id", "number", "name", "line_1", "home_phone", "work_phone", "company__name"
    )
    return {
        ref: [
            Said("landlord", number, number_tokens, number),
            Said("name", name, tokens, name),
            Said("post to", line, tokens, line),
            Said("managed by", company or "", tokens, company or ""),
            Said("home", phone_words(home), phone_tokens, home),
            Said("work", phone_words(work), phone_tokens, work),
        ]
        for ref, number, name, line, home, work, company in rows
    }


def landlord_results(refs: Sequence[int]) -> Iterable[Result]:
    """The landlords as answers: how to reach them."""
    for one in Landlord.objects.filter(id__in=refs).select_related("company"):
        managed = f"managed by {one.company.name}" if one.company else ""
        phone = phone_words(one.work_phone or one.home_phone)
        reach = " · ".join(part for part in (phone, one.line_1, managed) if part)
        yield Result("landlord", one.id, f"{one.number}  {one.name}", reach, "customers:landlord", (one.id,))


def every_landlord() -> Iterable[int]:
    """The ids of all landlords, in order."""
    return Landlord.objects.order_by("id").values_list("id", flat=True)


def landlords_of_companies(refs: Sequence[int]) -> Iterable[int]:
    """The landlords whose keys have these companies' names in them."""
    return Landlord.objects.filter(company__in=refs).values_list("id", flat=True)


def company_said(refs: Sequence[int]) -> dict[int, list[Said]]:
    """What each company is found under."""
    rows = ManagementCompany.objects.filter(id__in=refs).values_list(
        "id", "number", "name", "line_1", "work_phone", "emergency_phone"
    )
    return {
        ref: [
            Said("company", number, number_tokens, number),
            Said("name", name, tokens, name),
            Said("post to", line, tokens, line),
            Said("work", phone_words(work), phone_tokens, work),
            Said("emergency", phone_words(emergency), phone_tokens, emergency),
        ]
        for ref, number, name, line, work, emergency in rows
    }


def company_results(refs: Sequence[int]) -> Iterable[Result]:
    """The companies as answers: how to reach them."""
    for one in ManagementCompany.objects.filter(id__in=refs):
        reach = " · ".join(part for part in (phone_words(one.work_phone), one.line_1, one.city) if part)
        yield Result("company", one.id, f"{one.number}  {one.name}", reach, "customers:company", (one.id,))


def every_company() -> Iterable[int]:
    """The ids of all companies, in order."""
    return ManagementCompany.objects.order_by("id").values_list("id", flat=True)


LANDLORD_KINDS = (
    SearchKind(
        "landlord",
        "Landlords",
        "customers.view",
        keys_said(landlord_said),
        landlord_results,
        every_landlord,
        icon="key",
        order=30,
        tell=landlord_said,
        follows={"company": landlords_of_companies},
    ),
    SearchKind(
        "company",
        "Management companies",
        "customers.view",
        keys_said(company_said),
        company_results,
        every_company,
        icon="building",
        order=35,
        tell=company_said,
    ),
)
