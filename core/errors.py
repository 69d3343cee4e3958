"""What can be wrong with a request, said so that the person can mend it."""


class Refused(Exception):
    """A request that cannot be done.  ``problem`` names the place, ``remedy`` says what to do."""

    status = 422

    def __init__(self, problem: str, remedy: str = "", *, field: str = "", code: str = "") -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem, self.remedy, self.field = problem, remedy, field
        self.code = code or type(self).__name__


class NotAllowed(Refused):
    """The actor lacks the right, or may not check their own work."""

    status = 403


class NotFound(Refused):
    """No such thing in this utility."""

    status = 404


class Conflict(Refused):
    """Somebody else was faster, or the same request is still at work."""

    status = 409


class KeyReused(Refused):
    """An idempotency key came back with another content."""

    status = 409


class PolicyUnset(Refused):
    """A policy that the work needs was never set; unset is not zero."""
