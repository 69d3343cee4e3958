"""The file of an account on one screen, as the old account file read; every value leads to where it belongs.

Upper apps add their cards by slots of the frame ``FILE``: the cycle, deposits.
"""

from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from core.codes import code_name
from core.ui.objects import Slot, slots_of
from core.ui.parts import Fact, Panel
from core.ui.words import day_text
from customers.landlord_queries import holding_on
from customers.mailing import other_address
from customers.models import Account
from customers.queries import FLAGS, AccountShown, alternate_address
from customers.web.account_tabs import installed_known, services_known
from customers.web.people_facts import guarantor_facts, main_lines, person_facts
from meters.queries import dial_text, readings_of, registers_of

FILE = "account:file"
"""The frame of the file's cards; each slot's ``tab`` gives one."""


def tab(request: HttpRequest, subject: AccountShown) -> Panel:
    """Every card of the file."""
    cards = []
    for slot in slots_of(FILE, request):
        filled: Panel = slot.provider(request, subject)
        context = {"subject": subject, **filled.context}
        cards.append(render_to_string(filled.template, context, request=request))
    return Panel("accounts/file.html", {"cards": cards})


def card(title: str, icon: str, facts: list[Fact], verb: str = "", url: str = "") -> Panel:
    """A card of facts with the way to change them."""
    return Panel(
        "accounts/file_card.html", {"title": title, "icon": icon, "facts": facts, "verb": verb, "url": url}
    )


def _may(request: Any, right: str = "customers.edit") -> bool:
    return bool(request.actor.may(right))


def coded(kind: str, code: str) -> str | None:
    """A code with what it means beside it."""
    words = code_name(kind, code)
    return None if not code else code if words in ("", code) else f"{code} · {words}"


def account_card(request: HttpRequest, subject: AccountShown) -> Panel:
    """Number, days, category, demographics, units, flags."""
    account = subject.account
    flags = [label for code, label, _ in FLAGS if getattr(account, code)]
    facts = [
        Fact("Account number", account.number),
        Fact("Service start", day_text(account.starts)),
        *([Fact("Ended", day_text(account.ends))] if account.ends else []),
        Fact("Category", coded("category", account.category)),
        Fact("Demographics", coded("demographics", account.demographics)),
        Fact("Units", str(account.units)),
        Fact("Late fees", "Exempt" if account.late_fee_exempt else "Charged"),
        Fact("Exempt from tax", ", ".join(account.tax_exempt_codes) or "none",
             url=reverse("customers:tax_exempt", args=[account.number]) if _may(request) else ""),
        Fact("Flags", ", ".join(flags) or "none", url=reverse("customers:flags", args=[account.number])
             if _may(request) else ""),
        Fact("Alternate payer", account.alternate_payer or None),
    ]  # fmt: skip
    url = reverse("customers:account_change", args=[account.number]) if _may(request) else ""
    return card("Account", "file-text", facts, "Change" if url else "", url)


def person_card(request: HttpRequest, subject: AccountShown) -> Panel:
    """Who answers for it."""
    one = subject.account.customer
    page = reverse("customers:customer", args=[one.id])
    vouches = guarantor_facts(one)
    facts = [Fact("Name", one.name, url=page), *person_facts(one)]
    facts.append(Fact("Guarantor", vouches[0].value, url=page) if vouches else Fact("Guarantor", None))
    url = reverse("customers:customer_change", args=[one.id]) if _may(request) else ""
    return card("Customer", "user", facts, "Change" if url else "", url)


def mail_card(request: HttpRequest, subject: AccountShown) -> Panel:
    """Both addresses, and which one bills go to."""
    account, one = subject.account, subject.account.customer
    there = alternate_address(account)
    facts = [
        Fact("Main address", ", ".join(line for line in main_lines(one) if line)),
        Fact("Mail carrier route", one.carrier_route or None),
        Fact("Alternate address", ", ".join(alternate_lines(account)) or None),
        *([Fact("Its carrier route", there.carrier_route or None)] if there else []),
        Fact("Bills go to", account.get_bills_to_display()),
    ]
    url = reverse("customers:alternate_address", args=[account.number]) if _may(request) else ""
    return card("Mailing", "mail", facts, "Alternate address" if url else "", url)


def alternate_lines(account: Account) -> tuple[str, ...]:
    """The lines of the other address; nothing when none is kept."""
    there = alternate_address(account)
    return other_address(there).lines if there else ()


def place_card(request: HttpRequest, subject: AccountShown) -> Panel:
    """Where it is served, and whose property that is."""
    at = subject.account.location
    held = holding_on(at.id, subject.today)
    facts = [
        Fact("Service address", at.address, url=reverse("meters:location", args=[at.code])),
        Fact("City", f"{at.city}, {at.state} {at.zip_code}"),
        Fact("Route and place", f"{at.route.code} / {at.sequence}",
             url=f"{reverse('meters:locations')}?route={at.route_id}&sort=sequence"),
        Fact("Zone", coded("zone", at.zone)),
        Fact("Property PIN", at.parcel or None),
        Fact("Limits", "Inside" if at.in_limits else "Outside"),
        Fact("Landlord", f"{held.landlord.number} {held.landlord.name}",
             url=reverse("customers:landlord", args=[held.landlord_id])) if held else Fact("Landlord", None),
    ]  # fmt: skip
    url = reverse("meters:location_change", args=[at.code]) if _may(request, "meters.edit") else ""
    return card("Place", "map-pin", facts, "Change" if url else "", url)


def meter_card(request: HttpRequest, subject: AccountShown) -> Panel:
    """The services with their rates, and of the metered ones meter, serial and readings."""
    now = {i.service_point_id: i.meter for i in installed_known(subject) if i.ends is None}
    last = _last_readings([meter.id for meter in now.values()])
    rows = []
    for one in services_known(subject):
        if one.ends is not None and one.ends <= subject.today:
            continue
        meter = now.get(one.service_point_id) if one.service_point_id else None
        rows.append({"service": one, "meter": meter, "read": last.get(meter.id) if meter else None})
    return Panel("accounts/file_meters.html", {"rows": rows})


def _last_readings(meter_ids: list[int]) -> dict[int, dict[str, Any]]:
    """Of each meter the last reading and the one before, as its first register shows them."""
    found: dict[int, dict[str, Any]] = {}
    for shown in readings_of(registers_of(meter_ids), limit=8 * max(1, len(meter_ids))):
        meter = shown.register.meter_id
        dial: Decimal = shown.reading.dial
        if meter not in found:
            found[meter] = {
                "register": shown.register.id,
                "on": shown.on,
                "dial": dial_text(dial),
                "before": "",
            }
        elif found[meter]["register"] == shown.register.id and not found[meter]["before"]:
            found[meter]["before"] = dial_text(dial)
    return found


SLOTS = (
    Slot("account", "tab", "file", 75, tab, "File", "f"),
    Slot(FILE, "tab", "account", 10, account_card),
    Slot(FILE, "tab", "person", 20, person_card),
    Slot(FILE, "tab", "mail", 30, mail_card),
    Slot(FILE, "tab", "place", 40, place_card),
    Slot(FILE, "tab", "meters", 90, meter_card, permission="readings.view"),
)
