"""Fields as clerks fill them."""

from decimal import Decimal

import pytest
from django import forms
from django.template import Context, Template

from core.ui.fields import AmountField


class Pay(forms.Form):
    """A form with an amount."""

    paid = AmountField(
        label="Paid", least=Decimal("0.01"), most=Decimal("5000.00"), help_text="What was handed over."
    )


def shown(source: str, **context: object) -> str:
    """A template of the kit, rendered."""
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(("typed", "meant"), [("12", "12.00"), ("12.5", "12.50"), ("1,234.56", "1234.56")])
def test_amounts_are_read_as_clerks_type_them(typed: str, meant: str) -> None:
    form = Pay({"paid": typed})
    assert form.is_valid()
    assert form.cleaned_data["paid"] == Decimal(meant)


@pytest.mark.parametrize("typed", ["12.345", "1,23", "abc", "0", "5000.01"])
def test_what_is_no_amount_or_beyond_the_limits_is_refused(typed: str) -> None:
    assert not Pay({"paid": typed}).is_valid()


def test_a_wrong_field_says_so_at_the_field_and_keeps_what_was_typed() -> None:
    html = shown("{% field form.paid %}", form=Pay({"paid": "12.345"}))
    assert 'value="12.345"' in html
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_paid-help id_paid-wrong"' in html
    assert 'id="id_paid-wrong"' in html


def test_the_summary_links_to_the_field() -> None:
    html = shown("{% errors form %}", form=Pay({"paid": ""}))
    assert '<a href="#id_paid">Paid: Fill this in.</a>' in html


def test_a_form_without_faults_has_no_summary() -> None:
    assert shown("{% errors form %}", form=Pay({"paid": "3"})).strip() == ""


def test_a_form_that_opens_carries_a_key_of_its_own() -> None:
    assert shown("{% once %}") != shown("{% once %}")
    assert 'value="abc"' in shown("{% once key %}", key="abc")


def test_progress_tells_how_many_how_fast_and_how_long_still() -> None:
    html = shown('{% gauge 200 400 noun="bills" seconds=100 %}')
    assert "50 %" in html
    assert "200 of 400 bills" in html
    assert "2 a second" in html
    assert "about 2 min left" in html


def test_a_button_that_cannot_be_pressed_says_why() -> None:
    html = shown('{% button "Approve" why_not="You prepared this run." %}')
    assert "disabled" in html
    assert 'title="You prepared this run."' in html
