"""Policies: typed, dated settings of a utility.  Unset is not zero.

Each app lists its policies in ``<app>/policies.py`` as ``POLICIES``; the screen and the API are made
from those lists, so a policy is one value in one place.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal

from django.apps import apps

from core.actors import Actor
from core.errors import PolicyUnset, Refused
from core.models import PolicyValue
from core.money import parse_amount
from core.operations import operation, under_way

Kind = Literal["amount", "count", "percent", "flag", "choice", "text"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What can be set: its code, the words on its screen, its type and, if any, its choices."""

    code: str
    label: str
    group: str
    kind: Kind
    help: str
    unit: str = ""
    choices: tuple[tuple[str, str], ...] = ()

    def parse(self, text: str) -> Any:
        """The value as kept, from what was typed; raises ``Refused`` at the policy's field."""
        plain = text.strip()
        try:
            return _PARSERS[self.kind](self, plain)
        except (ValueError, ArithmeticError) as problem:
            raise Refused(f"{self.label}: {problem}", field=self.code) from problem

    def show(self, value: Any) -> str:
        """The value as read by people."""
        if value is None:
            return "not set"
        if self.kind == "flag":
            return "yes" if value else "no"
        if self.kind == "choice":
            return dict(self.choices).get(str(value), str(value))
        figures = f"{Decimal(value):,.2f}" if self.kind == "amount" else value
        return f"{figures} {self.unit}".strip()


def _count(policy: Policy, text: str) -> int:
    if not text.isdigit():
        raise ValueError(f"“{text}” is not a whole number. Type it like 15.")
    return int(text)


def _percent(policy: Policy, text: str) -> str:
    value = Decimal(text.rstrip("% "))
    if not 0 <= value <= 1000:
        raise ValueError(f"“{text}” is not a per cent between 0 and 1000.")
    return format(value, "f")


def _flag(policy: Policy, text: str) -> bool:
    if text.lower() not in {"yes", "no", "true", "false", "on", "off"}:
        raise ValueError(f"“{text}” is neither yes nor no.")
    return text.lower() in {"yes", "true", "on"}


def _choice(policy: Policy, text: str) -> str:
    if text not in dict(policy.choices):
        raise ValueError(f"“{text}” is not one of {', '.join(c for c, _ in policy.choices)}.")
    return text


_PARSERS: dict[str, Any] = {
    "amount": lambda policy, text: str(parse_amount(text)),
    "count": _count,
    "percent": _percent,
    "flag": _flag,
    "choice": _choice,
    "text": lambda policy, text: text,
}


@cache
def all_policies() -> dict[str, Policy]:
    """Every policy of every app, by code, in the order of the apps."""
    found: dict[str, Policy] = {}
    for config in apps.get_app_configs():
        name = f"{config.name}.policies"
        if find_spec(config.name) and find_spec(name) and name != __name__:
            listed: Iterable[Policy] = getattr(import_module(name), "POLICIES", ())
            found.update({p.code: p for p in listed})
    found.update({p.code: p for p in POLICIES})
    return found


POLICIES = (
    Policy(
        "office.single_operator",
        "Single operator",
        "Office",
        "flag",
        "A town with one clerk: the one who prepares may also approve. Every document it touches says so.",
    ),
)


def value_on(code: str, on: date) -> Any | None:
    """The policy's raw value on a day, ``None`` when unset."""
    policy = all_policies()[code]
    row = PolicyValue.objects.filter(code=policy.code, starts__lte=on).order_by("-starts", "-id").first()
    return row.value if row else None


def required(code: str, on: date) -> Any:
    """The policy's value on a day; raises ``PolicyUnset`` naming its screen when it was never set."""
    value = value_on(code, on)
    if value is None:
        policy = all_policies()[code]
        raise PolicyUnset(
            f"The policy “{policy.label}” is not set for {on:%b %-d, %Y}.",
            f"Set it under Policies › {policy.group}; unset is not taken as zero.",
            field=code,
        )
    return value


def amount(code: str, on: date) -> Decimal:
    """A required amount in dollars."""
    return Decimal(required(code, on))


def flag(code: str, on: date) -> bool:
    """Whether a yes/no policy is on; unset counts as off, since off is what the screen shows."""
    return bool(value_on(code, on))


@operation("core.policy.set", permission="core.policy.set")
def set_policy(by: Actor, *, code: str, value: str | None, starts: date) -> int:
    """Set a policy from a day on, from what was typed; ``None`` unsets it.  Returns the value's id."""
    policy = all_policies().get(code)
    if policy is None:
        raise Refused(f"There is no policy “{code}”.", "Choose one from the list.", field="code")
    parsed = None if value is None else policy.parse(value)
    row = PolicyValue.objects.create(
        code=code, starts=starts, value=parsed, made_at=under_way().at, made_by=by.ref
    )
    return int(row.id)
