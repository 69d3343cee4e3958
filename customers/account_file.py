"""Writes to the account's file: its codes and units, its flags, and the other address bills may go to."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from core.actors import Actor
from core.errors import NotFound, Refused
from core.operations import operation
from core.search import refresh_keys
from core.seen import check
from core.texts import check_post, kept_texts
from customers.models import Account, AlternateAddress
from customers.queries import FLAGS
from customers.texts import ACCOUNT_TEXTS, ALTERNATE_TEXTS

MOST_UNITS, NOTE_LENGTH = 99_999, 200
SEEN = frozenset({"seen"})


@operation("customers.account.change", permission="customers.edit", quiet=SEEN)
def change_account(
    by: Actor, *, account_id: int, fields: Mapping[str, str], units: int | None = None, seen: str = ""
) -> int:
    """Change what is named of an account; returns its id.  ``units`` are the dwellings or equal units on it.

    ``fields`` are those of ``customers.texts.ACCOUNT_TEXTS``.  Posted bills stay as they are; the next takes
    what stands here.  ``seen`` is the mark of what was shown (``core.seen``).  Raises ``Refused`` at the
    field, also for a code that is unknown or retired, ``Stale`` when somebody changed it since.
    """
    account = _locked(account_id)
    before = {one.name: str(getattr(account, one.name) or "") for one in ACCOUNT_TEXTS}
    check(seen, account, {**before, "units": account.units})
    for name, text in kept_texts(ACCOUNT_TEXTS, fields, before).items():
        setattr(account, name, text)
    if units is not None:
        if not 1 <= units <= MOST_UNITS:
            raise Refused(f"{units} units cannot be.", f"Type 1 to {MOST_UNITS}.", field="units")
        account.units = units
    account.save()
    refresh_keys("account", [account.id])
    return int(account.id)


@operation("customers.account.flag", permission="customers.edit", quiet=SEEN)
def set_flags(
    by: Actor,
    *,
    account_id: int,
    flags: Mapping[str, bool],
    no_cutoff_until: date | None = None,
    no_cutoff_note: str = "",
    seen: str = "",
) -> int:
    """Set or clear flags of an account (``customers.queries.FLAGS``); returns the account's id.

    ``no_cutoff_until`` (the first day it counts no more; ``None``: without an end) and ``no_cutoff_note`` go
    with ``no_cutoff`` set, and are gone when it is cleared.  ``seen`` is the mark of what was
    shown (``core.seen``).  Raises ``Refused`` at the field, ``Stale`` when a flag was changed since.
    """
    known = {code for code, _, _ in FLAGS}
    if unknown := set(flags) - known:
        raise Refused(
            f"“{sorted(unknown)[0]}” is no flag of an account.", f"Use one of {', '.join(sorted(known))}."
        )
    note = no_cutoff_note.strip()
    if (no_cutoff_until or note) and not flags.get("no_cutoff"):
        raise Refused(
            "The day and the note belong to the flag “No cut-off”.",
            "Set it, or leave both empty.",
            field="no_cutoff",
        )
    if len(note) > NOTE_LENGTH:
        raise Refused(
            f"The note has {len(note)} characters.",
            f"Type {NOTE_LENGTH} characters at most.",
            field="no_cutoff_note",
        )
    account = _locked(account_id)
    check(
        seen,
        account,
        {name: getattr(account, name) for name in (*flags, "no_cutoff_until", "no_cutoff_note")},
    )
    for name, value in flags.items():
        setattr(account, name, value)
    if "no_cutoff" in flags:
        account.no_cutoff_until, account.no_cutoff_note = no_cutoff_until, note
    account.save()
    return int(account.id)


@operation("customers.account.alternate_address", permission="customers.edit", quiet=SEEN)
def put_alternate_address(
    by: Actor,
    *,
    account_id: int,
    fields: Mapping[str, str],
    bills_go_there: bool | None = None,
    seen: str = "",
) -> int:
    """Keep the other address of an account, and say whether bills go there; returns the account's id.

    ``fields`` are those of ``customers.texts.ALTERNATE_TEXTS``; of one that is there, those not named stay.
    With ``bills_go_there`` each bill from the next printing on is mailed there.  ``seen`` is the mark of what
    was shown (``core.seen``).  Raises ``Refused`` at the field that is missing or cannot be kept, ``Stale``
    when somebody changed it since.
    """
    account = _locked(account_id)
    found = AlternateAddress.objects.filter(account=account).first()
    check(
        seen,
        found or account,
        alternate_values(account, found),
        columns={"bills_go_there": "bills_to"},
        rows={"bills_go_there": account},
    )
    if found or fields:
        _put_address(found or AlternateAddress(account=account), fields, new=found is None)
    elif bills_go_there:
        raise Refused(
            "There is no alternate address.", "Type it in before bills go there.", field="bills_go_there"
        )
    if bills_go_there is not None:
        account.bills_to = Account.BillsTo.ALTERNATE if bills_go_there else Account.BillsTo.MAIN
        account.save(update_fields=["bills_to"])
    return int(account.id)


def alternate_values(account: Account, there: AlternateAddress | None) -> dict[str, Any]:
    """What the form of the other address shows, by its fields; ``there`` is the one that is kept."""
    empty = {one.name: "US" if one.name == "country" else "" for one in ALTERNATE_TEXTS}
    texts = {one.name: getattr(there, one.name) for one in ALTERNATE_TEXTS} if there else empty
    return {**texts, "bills_go_there": account.bills_to == Account.BillsTo.ALTERNATE}


def _put_address(address: AlternateAddress, fields: Mapping[str, str], *, new: bool) -> None:
    before = {one.name: str(getattr(address, one.name) or "") for one in ALTERNATE_TEXTS}
    kept = kept_texts(ALTERNATE_TEXTS, {**(before if new else {}), **fields}, before)
    if "country" in kept:
        kept["country"] = kept["country"] or "US"
    check_post({**before, **kept}, country="country", zip_code="zip_code", postal_code="postal_code")
    for name, text in kept.items():
        setattr(address, name, text)
    address.save()


def _locked(account_id: int) -> Account:
    account = Account.objects.select_for_update().filter(id=account_id).first()
    if account is None:
        raise NotFound("There is no such account.", "Find it by its number.")
    return account
