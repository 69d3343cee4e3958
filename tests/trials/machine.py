"""The state machine: an office of two towns, any act in any order, the books compared after each."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from core.tenancy import scope
from tests.conftest import World
from tests.trials import acts, month_acts
from tests.trials.office import Desk, Unlike
from tests.world.proof import broken

ACTS = {
    acts.pay: 16,
    acts.pay_for_several: 7,
    acts.pay_by_mail: 7,
    acts.void: 5,
    acts.bring_back: 5,
    acts.propose: 8,
    acts.decide: 8,
    acts.reverse: 4,
    month_acts.take_a_deposit: 4,
    month_acts.use_a_deposit: 5,
    month_acts.carry_cash: 3,
    month_acts.count_a_drawer: 4,
    month_acts.wait: 4,
    month_acts.bill: 5,
    month_acts.give_up_run: 1,
    month_acts.take_bill_back: 7,
    month_acts.move: 2,
    month_acts.open_account: 2,
    month_acts.close_a_period: 2,
    month_acts.try_to_purge: 3,
}
"""Each act with how often it is done, in all of them together."""

PROOF_EVERY = 60


class Office(RuleBasedStateMachine):
    """Both towns have the same account numbers; an act concerns one of them."""

    live: World
    seed: str
    done: Counter[str]
    diary: list[str]
    problems: list[Exception]

    def __init__(self) -> None:
        super().__init__()
        if self.problems:  # the library tries again what failed, but the database has moved on
            raise self.problems[0]
        self.desks = [Desk(self.live.oak), Desk(self.live.elm)]
        self.steps = 0

    @rule(draw=st.integers(0, 2**32 - 1))
    def act(self, draw: int) -> None:
        """The next act; one that finds nothing to do gives way to another."""
        self.steps += 1
        chance = Random(f"{self.seed}:{self.steps}:{draw}")
        desk, said = chance.choice(self.desks), ""
        while not said:
            (chosen,) = chance.choices(list(ACTS), weights=list(ACTS.values()))
            self.diary.append(f"{self.steps} {desk.town.plan.slug} {desk.books.today} {chosen.__name__}")
            with scope(desk.town.utility.id), self.noting():
                said = chosen(desk, chance)
        self.diary[-1] += f": {said}"
        self.done[chosen.__name__] += 1

    @invariant()
    def the_books_agree(self) -> None:
        """Every balance, deposit and drawer of both towns; now and then the whole proof."""
        with self.noting():
            for desk in self.desks:
                desk.compare()
            if self.steps and self.steps % PROOF_EVERY == 0:
                self.prove()

    def teardown(self) -> None:
        """At the end everything is proved."""
        if not self.problems:
            with self.noting():
                self.prove()

    def prove(self) -> None:
        """Raise what offends, if anything does."""
        offences = broken(self.live)
        if offences:
            raise Unlike("; ".join(offences[:10]))

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Keep the first thing that went wrong."""
        try:
            yield
        except Exception as problem:
            self.problems.append(problem)
            raise


def office_days(live: World, seed: str, steps: int) -> type[Office]:
    """Let an office work for so many acts; its class then tells what was ``done``, and the ``diary``."""
    facts = {"live": live, "seed": seed, "done": Counter(), "diary": [], "problems": []}
    office: type[Office] = type("OfficeOfDays", (Office,), facts)
    once = settings(
        max_examples=1,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(office, settings=once)
    except BaseException:
        print("\n".join(office.diary[-25:]))
        if office.problems:
            raise office.problems[0] from None
        raise
    return office
