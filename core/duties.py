"""Who enters does not approve."""

from datetime import date

from core.actors import Actor
from core.errors import NotAllowed
from core.operations import note
from core.policies import flag

SINGLE_OPERATOR = "office.single_operator"


def require_other(by: Actor, maker_ref: str, on: date, what: str) -> bool:
    """Let only somebody else than the maker go on; call it inside the checking operation.

    ``what`` names the thing as the message says it (“this billing run”).  When the policy “single
    operator” is on that day the maker may go on: the audit notes it, and the answer is ``True`` so
    that the document can say so.  Raises ``NotAllowed`` otherwise.
    """
    if by.ref != maker_ref:
        return False
    if flag(SINGLE_OPERATOR, on):
        note(single_operator=True)
        return True
    raise NotAllowed(
        f"{by.name} made {what} and may not approve it too.",
        "Ask a second person. A town with one clerk can turn on the policy “Single operator”.",
        code="MakerIsChecker",
    )
