"""What this app puts on the account page: alerts, verbs, and the tabs of people, meters and services."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse

from core.periods import Period
from core.ui.objects import Slot, slots_of
from core.ui.parts import Alert, Fact, Panel, Verb
from core.ui.words import day_text
from customers.mailing import mailing_of
from customers.models import Account, Service
from customers.queries import (
    AccountShown,
    changes_of,
    never_cut_off,
    others_at,
    others_of,
    phone_words,
    services_of,
)
from customers.web.people_facts import person_facts
from meters.models import ServiceType
from meters.queries import dial_text, installed_at, readings_of, registers_of

MAIN, SIDE = "account:main", "account:side"
"""The frames of the overview: wide cards, and those beside them; each slot's ``tab`` gives one card."""

PAPERS_TRANSACTIONS, PAPERS_USAGE = "account:papers:transactions", "account:papers:usage"
PAPERS_OPEN = "account:papers:open"
"""What upper apps print of these tabs; each slot's ``verb`` gives buttons."""

BELOW_SERVICES = "account:services"
"""What upper apps show below the services; each slot's ``tab`` gives one card, or nothing."""


def papers(frame: str, request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """The buttons that upper apps put beside a tab's files."""
    return [verb for slot in slots_of(frame, request) for verb in slot.provider(request, subject)]


def alerts(request: HttpRequest, subject: AccountShown) -> list[Alert]:
    """What must be known before anything is done."""
    account, found = subject.account, []
    if account.cash_only:
        found.append(Alert("CASH ONLY", "no cheque is taken", "cash", "bad", pulse=True))
    if account.bad_debt:
        found.append(Alert("BAD DEBT", "owed what was written off", "alert-triangle", "bad"))
    if account.no_cutoff:
        found.append(_no_cutoff(subject))
    if account.equal_payment:
        found.append(Alert("Equal payment", "pays the same every month", "scale", "info"))
    if account.on_hold:
        found.append(Alert("Account hold", "its bill is held in every run", "flag", "hold"))
    if account.no_bill:
        found.append(Alert("No bill", "runs leave it out", "ban", "warn"))
    if subject.state == "closed" and account.ends:
        found.append(Alert("Closed", f"since {day_text(account.ends)}", "lock", "quiet"))
    if account.message:
        found.append(Alert("On its bills:", account.message, "note", "info"))
    return found


def _no_cutoff(subject: AccountShown) -> Alert:
    """That it is never cut off, until when and why; or that this is over."""
    account = subject.account
    until = f"until {day_text(account.no_cutoff_until)}" if account.no_cutoff_until else "without an end"
    said = ": ".join(part for part in (until, account.no_cutoff_note) if part)
    if never_cut_off(account, subject.today):
        return Alert("NEVER CUT OFF", said, "heartbeat", "hold")
    return Alert("No cut-off is over", said, "heartbeat", "quiet")


def verbs(request: HttpRequest, subject: AccountShown) -> list[Verb]:
    """Changing it and setting flags, for those who may."""
    if not request.actor.may("customers.edit"):  # type: ignore[attr-defined]  # a UtilityRequest
        return []
    return [
        Verb("Change", reverse("customers:account_change", args=[subject.number]), "pencil", "e"),
        Verb("Flags", reverse("customers:flags", args=[subject.number]), "flag", "f"),
    ]


def overview(request: HttpRequest, subject: AccountShown) -> Panel:
    """Cards that this and the upper apps give, one beside the other."""
    return Panel(
        "accounts/overview.html",
        {"main": cards_of(MAIN, request, subject), "side": cards_of(SIDE, request, subject)},
    )


def cards_of(frame: str, request: HttpRequest, subject: Any) -> list[str]:
    """The cards that fill a frame, as markup."""
    cards: list[str] = []
    for slot in slots_of(frame, request):
        filled: Panel = slot.provider(request, subject)
        cards.append(
            render_to_string(filled.template, {"subject": subject, **filled.context}, request=request)
        )
    return cards


def services_known(subject: AccountShown) -> list[Service]:
    """The account's services, asked once for a page."""
    if "services" not in subject.known:
        subject.known["services"] = services_of(subject.account)
    found: list[Service] = subject.known["services"]
    return found


def installed_known(subject: AccountShown) -> list[Any]:
    """What is and was installed at its location, asked once for a page."""
    if "installed" not in subject.known:
        subject.known["installed"] = installed_at(subject.account.location_id)
    found: list[Any] = subject.known["installed"]
    return found


def _service_rows(subject: AccountShown) -> list[dict[str, Any]]:
    at_point = {i.service_point_id: i.meter for i in reversed(installed_known(subject)) if i.ends is None}
    rows = []
    for one in services_known(subject):
        over = one.ends is not None and one.ends <= subject.today
        rows.append(
            {
                "service": one,
                "name": str(ServiceType(one.service_type).label),
                "meter": at_point.get(one.service_point_id),
                "period": Period(one.starts, one.ends),
                "state": "final" if over else "pending" if one.starts > subject.today else "active",
                "asked": [(k.replace("_", " "), v) for k, v in one.attributes.items()],
                "units": one.units.normalize() if one.units != 1 else None,
                "trial": _trial_url(subject, one, at_point.get(one.service_point_id)),
            }
        )
    return rows


def _trial_url(subject: AccountShown, service: Service, meter: Any) -> str:
    """The rate's trial bill with what the service says of itself; the use is typed there."""
    said: dict[str, Any] = {
        "is_class": subject.account.category,
        "is_location": "inside" if subject.account.location.in_limits else "outside",
        "n_units": service.units.normalize(),
        "on": subject.today.isoformat(),
    }
    if meter is not None:
        said["is_meter_size"] = meter.size
    said |= {f"{'is' if isinstance(v, str) else 'n'}_{k}": v for k, v in service.attributes.items()}
    return f"{reverse('rates:table', args=[service.rate.code])}?{urlencode(said)}"


def services_card(request: HttpRequest, subject: AccountShown) -> Panel:
    """The services in short."""
    return Panel("accounts/services_card.html", {"rows": _service_rows(subject)})


def services(request: HttpRequest, subject: AccountShown) -> Panel:
    """The services with their rates."""
    may = request.actor.may("customers.edit")  # type: ignore[attr-defined]  # a UtilityRequest
    new = reverse("customers:service_new", args=[subject.number]) if may else ""
    rows = _service_rows(subject)
    for row in rows if may else ():
        row["change"] = reverse("customers:service_change", args=[subject.number, row["service"].id])
    below = cards_of(BELOW_SERVICES, request, subject)
    return Panel("accounts/services.html", {"rows": rows, "new": new, "may": may, "below": below})


def people_card(request: HttpRequest, subject: AccountShown) -> Panel:
    """Who answers for it, in short."""
    customer, account = subject.account.customer, subject.account
    facts = [
        Fact("Customer", customer.name, url=reverse("customers:customer", args=[customer.id])),
        Fact("Telephone", phone_words(customer.phone or customer.work_phone) or None),
        Fact("Mail", customer.email or None),
        Fact("Bills to", ", ".join(mailing_of([account])[account.id].lines)),
        Fact("Since", day_text(account.starts)),
        Fact("Category", getattr(account, "category_words", None) or account.category.capitalize()),
    ]
    return Panel("accounts/people_card.html", {"facts": facts})


def people(request: HttpRequest, subject: AccountShown) -> Panel:
    """Customer, mailing address, service address, who else was here, what else they have."""
    account, customer = subject.account, subject.account.customer
    at = account.location
    may = request.actor.may("customers.edit")  # type: ignore[attr-defined]  # a UtilityRequest
    context = {
        "who": [
            Fact("Name", customer.name, url=reverse("customers:customer", args=[customer.id])),
            *person_facts(customer),
        ],
        "mailing": mailing_of([account])[account.id].lines,
        "elsewhere": account.bills_to == Account.BillsTo.ALTERNATE,
        "address_url": reverse("customers:alternate_address", args=[subject.number]) if may else "",
        "address_verb": "Alternate address" if may else "",
        "place": [
            Fact("Address", at.address, url=reverse("meters:location", args=[at.code])),
            Fact("City", f"{at.city}, {at.state} {at.zip_code}"),
            Fact("Location", at.code),
            Fact("Route", f"{at.route.code}, place {at.sequence}"),
            Fact("Limits", "Inside" if at.in_limits else "Outside"),
        ],
        "others_at": [(a, Period(a.starts, a.ends)) for a in others_at(account)],
        "others_of": [(a, Period(a.starts, a.ends)) for a in others_of(account)],
    }  # fmt: skip
    return Panel("accounts/people.html", context)


def meters(request: HttpRequest, subject: AccountShown) -> Panel:
    """Meters at the location and what they showed while this account was there."""
    account, installed = subject.account, installed_known(subject)
    registers = registers_of([i.meter_id for i in installed])
    shown = [
        {"shown": s, "dial": dial_text(s.reading.dial)}
        for s in readings_of(registers)
        if s.on >= account.starts and (account.ends is None or s.on <= account.ends)
    ]
    may = request.actor.may("meters.edit")  # type: ignore[attr-defined]  # a UtilityRequest
    places = [(i, Period(i.starts, i.ends), may and i.ends is None) for i in installed]
    return Panel("accounts/meters.html", {"installed": places, "rows": shown, "may": may})


def history(request: HttpRequest, subject: AccountShown) -> Panel:
    """What was changed on it, by whom."""
    return Panel("accounts/history.html", {"changes": changes_of(subject.account)})


def accounts_here(request: HttpRequest, subject: Any) -> Panel:
    """The accounts at a location, on the location's page."""
    from customers.queries import accounts

    rows = accounts().filter(location=subject.location).order_by("-starts")
    return Panel("accounts/here.html", {"rows": [(a, Period(a.starts, a.ends)) for a in rows]})


SLOTS = (
    Slot("account", "alert", "flags", 10, alerts),
    Slot("account", "verb", "flags", 80, verbs),
    Slot("account", "tab", "overview", 10, overview, "Overview", "o"),
    Slot("account", "tab", "meters", 50, meters, "Meters", "m", "readings.view"),
    Slot("account", "tab", "services", 60, services, "Services", "s"),
    Slot("account", "tab", "people", 70, people, "People", "p"),
    Slot("account", "tab", "history", 130, history, "History", "y"),
    Slot(MAIN, "tab", "services", 50, services_card),
    Slot(SIDE, "tab", "people", 10, people_card),
    Slot("location", "tab", "accounts", 10, accounts_here, "Accounts", "b", "customers.view"),
)
