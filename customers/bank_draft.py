"""Bank draft: which bank an account's bills are to be drawn from, since when, and who agreed to it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import note, operation
from core.sealed import Typed
from core.seen import check
from core.texts import Text, kept_texts
from customers.models import Account, BankDraft
from customers.sealed import BANK_ACCOUNT

DRAFT_TEXTS = (
    Text("bank", "Bank", 12, needed=True, codes="bank", help="A code; add one under Settings, Codes."),
    Text("holder", "Name of the holder", 80, needed=True, help="Whose bank account it is."),
    Text(
        "routing", "Routing number", 9,
        help="Nine digits, at the left of a cheque’s last line. Empty where the bank’s code is its number.",
    ),
)  # fmt: skip
LEAST_NUMBER, MOST_NUMBER, NUMBER_TYPED = 4, 17, 30
"""Letters and digits that a bank account number has in a draft file, and so many as it is typed."""

_SECRET = frozenset({"number", "seen"})
_WEIGHTS = (3, 7, 1) * 3
_ROUTING = re.compile(r"(0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}", re.ASCII)


def is_routing(number: str) -> bool:
    """Whether it is a routing number: nine digits of a district there is, with its check digit (ABA)."""
    if not _ROUTING.fullmatch(number) or number == "0" * 9:
        return False
    return sum(w * int(d) for w, d in zip(_WEIGHTS, number, strict=True)) % 10 == 0


def drafts_of(account_id: int) -> QuerySet[BankDraft]:
    """Every enrolment of an account, the latest first."""
    return BankDraft.objects.filter(account=account_id).order_by("-starts", "-id")


def in_force(on: date) -> Q:
    """The condition for an enrolment that has begun on a day, has not ended and is not paused."""
    return Q(starts__lte=on, paused=False) & (Q(ends=None) | Q(ends__gt=on))


def draft_now(account_id: int, on: date) -> BankDraft | None:
    """The enrolment that is in force or comes next; ``None`` when all have ended or there never was one."""
    left = drafts_of(account_id).filter(Q(ends=None) | Q(ends__gt=on))
    return left.order_by("starts", "id").first()


@operation("customers.draft.enrol", permission="customers.edit", quiet=_SECRET)
def enrol(
    by: Actor,
    *,
    account_id: int,
    fields: Mapping[str, str],
    number: Typed | None,
    signed_on: date,
    starts: date,
    today: date,
    kind: str = BankDraft.Kind.CHECKING,
    ends: date | None = None,
    paused: bool = False,
) -> int:
    """Take down the bank that an account's bills are to be drawn from; returns the enrolment's id.

    ``fields`` are those of ``DRAFT_TEXTS``.  Without a routing number that of the bank's code is kept as it
    is.  The account's “pays by draft” follows.  Raises ``Refused`` at the field that is missing or cannot be,
    ``Conflict`` while another enrolment is in force.
    """
    account = _account(account_id)
    made = BankDraft(account=account)
    _put_texts(made, {"bank": "", "holder": "", "routing": "", **fields})
    if number is None or not BANK_ACCOUNT.normal(number.plain):
        raise Refused("The bank account number is missing.", "Type it in.", field="number")
    _put_number(made, number)
    _put_days(made, signed_on=signed_on, starts=starts, ends=ends, today=today)
    made.kind, made.paused = _kind(kind), paused
    made.save()
    _follow(account, today)
    return int(made.id)


@operation("customers.draft.change", permission="customers.edit", quiet=_SECRET)
def change_draft(
    by: Actor,
    *,
    draft_id: int,
    today: date,
    fields: Mapping[str, str] | None = None,
    number: Typed | None = None,
    days: Mapping[str, date | None] | None = None,
    kind: str | None = None,
    paused: bool | None = None,
    seen: str = "",
) -> int:
    """Change what is named of an enrolment, pause it or end it; returns its id.

    ``days`` are ``signed_on``, ``starts`` and ``ends``.  The number stays unless another is given.  ``seen``
    is the mark of what was shown (``core.seen``).  Refuses as ``enrol``, and with ``Stale`` when somebody
    changed it since.
    """
    found = BankDraft.objects.select_for_update().filter(id=draft_id).first()
    if found is None:
        raise NotFound("There is no such bank draft.", "Open it from the account’s file.")
    check(seen, found, shown_values(found), columns={"number": "number_last4"})
    account = _account(found.account_id)
    _put_texts(found, fields or {})
    _put_number(found, number)
    now = {name: getattr(found, name) for name in ("signed_on", "starts", "ends")}
    _put_days(found, **{**now, **(days or {})}, today=today)
    found.kind = found.kind if kind is None else _kind(kind)
    found.paused = found.paused if paused is None else paused
    found.save()
    _follow(account, today)
    return int(found.id)


@operation("customers.draft.follow", permission="customers.edit")
def follow_drafts(by: Actor, *, on: date) -> int:
    """Bring “pays by draft” of every enrolled account to what holds on a day; returns how many changed."""
    mine = BankDraft.objects.filter(account=OuterRef("id"))
    live = Exists(mine.filter(in_force(on)))
    changed = Account.objects.filter(live, pays_by_draft=False).update(pays_by_draft=True)
    return changed + Account.objects.filter(Exists(mine), ~live, pays_by_draft=True).update(
        pays_by_draft=False
    )


def shown_values(draft: BankDraft) -> dict[str, Any]:
    """What the form of an enrolment shows, by its fields; of the number its end."""
    names = (*(one.name for one in DRAFT_TEXTS), "kind", "signed_on", "starts", "ends", "paused")
    return {**{name: getattr(draft, name) for name in names}, "number": masked_number(draft)}


def masked_number(draft: BankDraft) -> str:
    """What is shown of the bank account number."""
    return f"•••••{draft.number_last4}"


def _follow(account: Account, today: date) -> None:
    live = drafts_of(account.id).filter(in_force(today)).exists()
    if account.pays_by_draft != live:
        account.pays_by_draft = live
        account.save(update_fields=["pays_by_draft"])


def _put_texts(draft: BankDraft, fields: Mapping[str, str]) -> None:
    before = {one.name: getattr(draft, one.name) for one in DRAFT_TEXTS}
    kept = {**before, **kept_texts(DRAFT_TEXTS, fields, before)}
    routing = re.sub(r"[\s-]", "", kept["routing"])
    if not routing and re.fullmatch(r"[0-9]{9}", kept["bank"]):
        routing = kept["bank"]
    elif not routing:
        raise Refused(
            "The routing number is missing.", "Type the nine digits of the bank’s number.", field="routing"
        )
    elif routing != before["routing"] and routing != kept["bank"] and not is_routing(routing):
        raise Refused(
            f"“{routing}” is no routing number: its digits do not add up.",
            "Type the nine digits as they stand on the cheque.",
            field="routing",
        )
    draft.bank, draft.holder, draft.routing = kept["bank"], kept["holder"], routing


def _put_number(draft: BankDraft, number: Typed | None) -> None:
    if number is None:
        return
    typed = re.sub(r"[\s-]", "", number.plain)
    if not LEAST_NUMBER <= len(typed) <= MOST_NUMBER or not (typed.isascii() and typed.isalnum()):
        raise Refused(
            f"A bank account number has {LEAST_NUMBER} to {MOST_NUMBER} letters and digits.",
            "Type it as it stands on the cheque or the statement.",
            field="number",
        )
    BANK_ACCOUNT.put(draft, typed)
    note(number="typed anew")


def _put_days(
    draft: BankDraft, *, signed_on: date | None, starts: date | None, ends: date | None, today: date
) -> None:
    if signed_on is None or starts is None:
        missing = "signed_on" if signed_on is None else "starts"
        raise Refused("The day is missing.", "Type it in.", field=missing)
    if signed_on > today:
        raise Refused("Nobody has signed on a day to come.", "Type today or earlier.", field="signed_on")
    if signed_on > starts:
        raise Refused(
            f"It was signed on {signed_on:%b %-d, %Y}.", "Let it start then or later.", field="starts"
        )
    if ends is not None and ends < starts:
        raise Refused(
            f"It starts on {starts:%b %-d, %Y}.",
            "Type the first day on which it is over; the day it starts for one that never began.",
            field="ends",
        )
    others = drafts_of(draft.account_id).exclude(id=draft.id).filter(Q(ends=None) | Q(ends__gt=starts))
    if ends is not None:
        others = others.filter(starts__lt=ends)
    # One that ends on the day it starts never was in force.
    others = others.filter(Q(ends=None) | Q(ends__gt=F("starts")))
    other = others.first() if starts != ends else None
    if other is not None:
        raise Conflict(
            f"The account has a bank draft from {other.starts:%b %-d, %Y}"
            f"{f' to {other.ends:%b %-d, %Y}' if other.ends else ''} ({other}).",
            "End that one first; an account has one at a time.",
            field="starts",
        )
    draft.signed_on, draft.starts, draft.ends = signed_on, starts, ends


def _kind(kind: str) -> str:
    if kind not in BankDraft.Kind.values:
        raise Refused(f"“{kind}” is no kind of bank account.", "Use checking or savings.", field="kind")
    return kind


def _account(account_id: int) -> Account:
    account = Account.objects.select_for_update().filter(id=account_id).first()
    if account is None:
        raise NotFound("There is no such account.", "Find it by its number.")
    return account
