"""Policies with what held when, for the screen and the API."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime

from core.acting import names_of
from core.errors import NotFound
from core.models import PolicyValue
from core.policies import Policy, all_policies


@dataclass(frozen=True, slots=True)
class HeldValue:
    """A value from a day on, in words; a later row of the same day counts."""

    starts: date
    shown: str
    by: str
    at: datetime
    raw: object


@dataclass(frozen=True, slots=True)
class PolicyShown:
    """A policy as it stands on a day.  ``shown`` is empty when it is unset, ``since`` then ``None``."""

    code: str
    name: str
    about: str
    group: str
    kind: str
    is_set: bool
    shown: str
    raw: object
    since: date | None
    by: str
    next: str
    url: str
    history: tuple[HeldValue, ...]


def policies_on(on: date) -> list[PolicyShown]:
    """Every policy as it stands on a day, in the order of the apps; two queries."""
    kept: dict[str, list[PolicyValue]] = defaultdict(list)
    for row in PolicyValue.objects.order_by("-starts", "-id"):
        kept[row.code].append(row)
    names = names_of(row.made_by for rows in kept.values() for row in rows)
    return [_shown(policy, kept[code], names, on) for code, policy in all_policies().items()]


def policy_on(code: str, on: date) -> PolicyShown:
    """One policy as it stands on a day; raises ``NotFound`` for a code that is not declared."""
    policy = all_policies().get(code)
    if policy is None:
        raise NotFound(f"There is no policy “{code}”.", "Choose one from the list.")
    rows = list(PolicyValue.objects.filter(code=code).order_by("-starts", "-id"))
    return _shown(policy, rows, names_of(row.made_by for row in rows), on)


def _shown(policy: Policy, rows: list[PolicyValue], names: dict[str, str], on: date) -> PolicyShown:
    history = tuple(
        HeldValue(r.starts, policy.show(r.value), names.get(r.made_by, r.made_by), r.made_at, r.value)
        for r in rows
    )
    now = next((h for h in history if h.starts <= on), None)
    later = [h for h in history if h.starts > on]
    is_set = now is not None and now.raw is not None
    return PolicyShown(
        code=policy.code,
        name=policy.label,
        about=policy.help,
        group=policy.group,
        kind=policy.kind,
        is_set=is_set,
        shown=now.shown if now and is_set else "",
        raw=now.raw if now else None,
        since=now.starts if now and is_set else None,
        by=now.by if now and is_set else "",
        next=f"{later[-1].shown} from {later[-1].starts:%b %-d, %Y}" if later else "",
        url=f"/policies/{policy.code}/",
        history=history,
    )
