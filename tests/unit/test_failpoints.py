"""What a trial may ask for, and that nothing happens when none asks."""

import pytest

from core import failpoints
from core.failpoints import FailAt, parse, reached


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("", None),
        ("job.claimed", FailAt("job.claimed", 1, "kill")),
        ("job.claimed:3", FailAt("job.claimed", 3, "kill")),
        ("job.claimed:stop", FailAt("job.claimed", 1, "stop")),
        ("job.claimed:2:raise", FailAt("job.claimed", 2, "raise")),
    ],
)
def test_a_wish_is_read(text: str, wish: FailAt | None) -> None:
    assert parse(text) == wish


@pytest.mark.parametrize("text", ["job.claimed:0", "job.claimed:explode", "job.claimed:2:"])
def test_a_wish_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="neither a number from 1 nor kill, stop or raise"):
        parse(text)


def test_the_third_time_fails_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failpoints, "_wished", lambda: FailAt("here", 3, "raise"))
    monkeypatch.setattr(failpoints, "_times", {})
    reached("here")
    reached("elsewhere")
    reached("here")
    with pytest.raises(failpoints.Failed, match="here"):
        reached("here")
    reached("here")
