"""The proof of both towns, as a test asks for it."""

from core import clock
from core.prove import Asked, all_invariants, prove
from tests.conftest import World


def broken(live: World, *codes: str) -> list[str]:
    """What offends in either town, each with its invariant; of all invariants, or of those named."""
    asked = [i for i in all_invariants() if not codes or i.code in codes]
    return [
        f"{town.plan.slug} {found.invariant.code}: {words}"
        for town in (live.oak, live.elm)
        for found in prove(Asked(town.utility, clock.now()), asked)
        for _, words in found.offences
    ]
