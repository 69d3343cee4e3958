"""What is sent to the addresses of what-ifs."""

from collections.abc import Callable
from typing import Any

Facts = dict[str, Any]


def asked(facts: Facts) -> Facts:
    """A question on screen: all prices four per cent up."""
    return {"name": "Trial", "basis": "latest", "percent_all": "4"}


def asked_by_partner(facts: Facts) -> Facts:
    """The same by the interface."""
    return {"name": "Trial", "tables": [{"rate_id": facts["rate_id"], "percent": "4"}]}


WHAT_IF_BODIES: dict[str, Callable[[Facts], Facts]] = {
    "what_if:new": asked,
    "what_if:rename": lambda f: {"name": "Trial", "note_text": "Seen"},
    "what_if:delete": lambda f: {},
    "what_if:confirm": lambda f: {"seen": "x"},
    "what_if:retroactive": lambda f: {},
    "api:what_ifs": asked_by_partner,
    "api:what_if": lambda f: {"name": "Trial"},
    "api:rate_version_what_if": lambda f: {},
}
