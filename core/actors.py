"""Who acts: an operator, a partner system or the system itself, with what it may do here."""

from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody acting for one utility.  ``permissions`` are names such as ``billing.run.approve``."""

    kind: Literal["operator", "partner", "system"]
    id: int
    name: str
    utility_id: int
    permissions: frozenset[str] = field(default=frozenset())

    @property
    def ref(self) -> str:
        """``operator:7``: how rows name who did something."""
        return "system" if self.kind == "system" else f"{self.kind}:{self.id}"

    def may(self, permission: str) -> bool:
        """Whether the right is held; the system holds all of them."""
        return self.kind == "system" or permission in self.permissions

    def as_params(self) -> dict[str, Any]:
        """For a job to act on somebody's behalf; rights are looked up again when it does."""
        return {"kind": self.kind, "id": self.id, "name": self.name}


def system_actor(utility_id: int) -> Actor:
    """The system acting for a utility on its own: schedules, sweeps, set-up."""
    return Actor("system", 0, "Curbstop", utility_id)
