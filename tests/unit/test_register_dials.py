"""What a register counted between two readings: forward, past zero, backwards, with dead zeros."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.assembly import AccountFacts, RegisterFacts, ServiceFacts
from billing.inputs import _how
from meters.usage import Dial, advance

SEPTEMBER, OCTOBER = date(2026, 9, 1), date(2026, 10, 1)
KEPT = [7, "GAL", 4, "1", 0, 1, "2026-09-01", "1204", 2, "2026-10-01", "1209", "R", 0]
"""A register as facts were kept before dead zeros were known."""


def _facts(register: list[object]) -> AccountFacts:
    service = [3, "water", "W", "hash", "2020-01-01", None, "2026-09-01", "1", {}, "5/8", 1, [register]]
    return AccountFacts.from_json([1, "100001", "residential", 1, 1, 0, 0, [], [service]])


def _register(facts: AccountFacts) -> RegisterFacts:
    service: ServiceFacts = facts.services[0]
    return service.registers[0]


@pytest.mark.parametrize(
    ("dead_zeros", "multiplier", "use"),
    # 1209 − 1204 is 5 steps: of 1, of 10, of 100, of 100 × 0.1, of 10 × 7.48.
    [(0, "1", "5"), (1, "1", "50"), (2, "1", "500"), (2, "0.1", "50"), (1, "7.48", "374")],
)
def test_a_step_counts_its_dead_zeros_and_the_multiplier(dead_zeros: int, multiplier: str, use: str) -> None:
    dial = Dial(4, Decimal(multiplier), dead_zeros=dead_zeros)
    assert advance(dial, Decimal(1204), Decimal(1209)).use == Decimal(use)


def test_dead_zeros_do_not_widen_the_dial_that_passes_zero() -> None:
    # A 4-digit dial with 2 dead zeros goes from 999 800 over 000 000 to 000 300: five hundred.
    gone = advance(Dial(4, dead_zeros=2), Decimal(9998), Decimal(3))
    assert (gone.use, gone.kind) == (Decimal(500), "rollover")


def test_dead_zeros_count_backwards_as_well() -> None:
    dial = Dial(4, may_run_backwards=True, dead_zeros=1)
    assert advance(dial, Decimal(100), Decimal(97)).use == Decimal(-30)


@given(
    digits=st.integers(3, 9),
    dead_zeros=st.integers(0, 4),
    multiplier=st.decimals("0.0001", "10000", places=4),
    start=st.integers(0, 10**9 - 1),
    share=st.floats(0, 0.2499),
)
def test_what_truly_went_through_is_what_comes_out_also_past_zero(
    digits: int, dead_zeros: int, multiplier: Decimal, start: int, share: float
) -> None:
    limit = 10**digits
    first, steps = start % limit, int(limit * share)
    dial = Dial(digits, multiplier, dead_zeros=dead_zeros)
    gone = advance(dial, Decimal(first), Decimal((first + steps) % limit))
    assert gone.use == steps * 10**dead_zeros * multiplier
    assert gone.kind == ("rollover" if first + steps >= limit else "forward")


@given(digits=st.integers(3, 9), first=st.integers(1, 10**9), back=st.integers(1, 10**9))
def test_a_dial_that_fell_by_less_than_three_quarters_went_backwards(
    digits: int, first: int, back: int
) -> None:
    limit = 10**digits
    earlier = Decimal(first % (limit - 1) + 1)
    fell = Decimal(back % int(earlier) + 1) if earlier > 1 else Decimal(1)
    gone = advance(Dial(digits), earlier, earlier - fell)
    # From 9 000 to 100 on four dials may be 1 100 forward; from 9 000 to 8 900 is 100 back.
    plausible = limit - fell < Decimal(limit) / 4
    assert gone.kind == ("rollover" if plausible else "backwards")
    assert gone.use == (limit - fell if plausible else -fell)


def test_facts_kept_before_dead_zeros_were_known_stay_as_they_are() -> None:
    facts = _facts(KEPT)
    assert _register(facts).dead_zeros == 0
    assert facts.as_json()[8][0][11] == [KEPT]


def test_facts_keep_the_dead_zeros_of_a_register() -> None:
    facts = _facts([*KEPT, 2])
    assert _register(facts).dial.step == 100
    assert AccountFacts.from_json(facts.as_json()) == facts


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({}, "1,209 less 1,204 is 5 gallons in 30 days."),
        ({"dead_zeros": 1}, "1,209 less 1,204 is 5; 1 dead zero makes it 50 gallons in 30 days."),
        (
            {"dead_zeros": 2, "multiplier": Decimal(10)},
            "1,209 less 1,204 is 5; 2 dead zeros make it 500; times the meter's 10 makes 5,000 gallons"
            " in 30 days.",
        ),
    ],
)
def test_the_sentence_of_a_line_says_the_dead_zeros(change: dict[str, object], said: str) -> None:
    one = replace(_register(_facts(KEPT)), **change)  # type: ignore[arg-type]  # by name
    assert _how(one, advance(one.dial, one.from_dial, one.to_dial).use, False, 30) == said
