"""Values as the screens write them."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from core.ui import words
from core.ui.icons import ICONS
from core.ui.statuses import LOOKS, look_of

NOW = datetime(2026, 11, 22, 20, 5, tzinfo=UTC)


def test_a_credit_has_a_minus_and_cr() -> None:
    shown = words.amount(Decimal("-1234.5"))
    assert "-1,234.50" in shown
    assert ">CR<" in shown


def test_an_amount_owed_has_no_cr() -> None:
    assert "CR" not in words.amount(Decimal("12.5"))
    assert ">12.50<" in words.amount(Decimal("12.5"))


def test_a_missing_amount_is_not_shown_as_zero() -> None:
    assert "0" not in words.amount(None)


def test_a_day_cannot_be_read_the_other_way_round() -> None:
    assert ">Nov 2, 2026<" in words.day(date(2026, 11, 2))


@pytest.mark.parametrize(
    ("gap", "said"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=4), "4 minutes ago"),
        (timedelta(hours=3), "3 hours ago"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(hours=-5), "in 5 hours"),
    ],
)
def test_times_are_told_from_now(gap: timedelta, said: str) -> None:
    assert words.ago_text(NOW - gap, NOW) == said


def test_a_moment_keeps_the_exact_time_beside_the_relative_one() -> None:
    shown = words.moment(NOW - timedelta(hours=3), NOW)
    assert "3 hours ago" in shown
    assert 'datetime="2026-11-22T17:05:00+00:00"' in shown


def test_values_are_escaped() -> None:
    assert "<b>" not in words.quantity(Decimal(3), "<b>")


def test_an_icon_that_is_not_in_the_sprite_is_refused() -> None:
    with pytest.raises(ValueError, match=r"core/ui/icons\.py"):
        words.icon("no-such-icon")


@pytest.mark.parametrize("code", sorted(LOOKS))
def test_every_state_has_a_word_and_an_icon(code: str) -> None:
    assert LOOKS[code].word
    assert LOOKS[code].icon in ICONS


def test_an_unknown_state_is_shown_by_its_own_word() -> None:
    assert look_of("meter_locked").word == "Meter locked"


@pytest.mark.parametrize(("kept", "said"), [("1E+1", "10"), ("1.2E+3", "1,200"), ("4.50", "4.50")])
def test_a_figure_is_never_written_with_an_exponent(kept: str, said: str) -> None:
    assert words.figures(Decimal(kept)) == said
    assert f">{said} <" in words.quantity(Decimal(kept), "GAL")
