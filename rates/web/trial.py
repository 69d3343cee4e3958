"""A trial bill beside a rate table: figures typed into the address, charges with their steps out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms

from core.periods import Period
from core.ui.fields import DayInput
from rates.engine import Rating, RatingError, RatingFacts, ServiceUse, Tariff, TariffError, parse_tariff, rate
from rates.web.reading import choices_in, plain_name

DAYS = 30


@dataclass(frozen=True, slots=True)
class Trial:
    """The form, and the rating of what it says or why there is none."""

    form: forms.Form
    rating: Rating | None = None
    problem: str = ""


class TrialForm(forms.Form):
    """The figures a table asks for.  It is read from the address, so a trial can be sent to somebody."""

    def __init__(
        self, tariff: Tariff, content: Mapping[str, Any], day: date, typed: Mapping[str, Any]
    ) -> None:
        first: dict[str, Any] = {"on": day.isoformat()}
        if tariff.unit:
            first["use"] = ""
        choices = choices_in(content)
        wanted = {n: choices.get(n, []) for n in sorted(tariff.attributes)}
        first |= {f"is_{n}": (listed or [""])[0] for n, listed in wanted.items()}
        first |= {f"n_{n}": "1" for n in tariff.numbers}
        given = {k: v for k, v in typed.items() if k in first or k == "use"}
        super().__init__({**first, **given})
        if tariff.unit or tariff.needs:
            self.fields["use"] = forms.CharField(
                label=f"Use ({tariff.unit_label or 'units'})", required=False
            )
        for name, listed in wanted.items():
            label = plain_name(name).capitalize()
            self.fields[f"is_{name}"] = (
                forms.ChoiceField(label=label, choices=[(v, v) for v in listed], required=False)
                if listed
                else forms.CharField(label=label, required=False)
            )
        for name in sorted(tariff.numbers):
            self.fields[f"n_{name}"] = forms.CharField(label=plain_name(name).capitalize(), required=False)
        self.fields["on"] = forms.DateField(label="Last day", widget=DayInput)


def trial_of(content: Mapping[str, Any], day: date, typed: Mapping[str, Any]) -> Trial:
    """What the table charges for the figures typed; without any, only the form."""
    try:
        tariff = parse_tariff(content)
    except TariffError as wrong:  # kept before the engine learned to refuse it
        return Trial(forms.Form(), None, str(wrong))
    form = TrialForm(tariff, content, day, typed)
    asked = "use" in typed or "on" in typed
    if not asked or not form.is_valid():
        return Trial(form)
    try:
        return Trial(form, rate(tariff, _facts(tariff, form.cleaned_data)))
    except RatingError as wrong:
        return Trial(form, None, f"{wrong.problem} {wrong.remedy}")
    except InvalidOperation:
        return Trial(form, None, "One of the figures is not a number. Type it like 12 or 12.5.")


def _facts(tariff: Tariff, typed: Mapping[str, Any]) -> RatingFacts:
    use = Decimal(typed["use"].replace(",", "")) if typed.get("use") else None
    unit = tariff.unit or "GAL"
    end = typed["on"] + timedelta(days=1)
    return RatingFacts(
        period=Period(end - timedelta(days=DAYS), end),
        days=DAYS,
        use=use,
        unit=unit if use is not None else None,
        attributes={n: typed[f"is_{n}"] for n in tariff.attributes if typed.get(f"is_{n}")},
        numbers={n: Decimal(typed[f"n_{n}"]) for n in tariff.numbers if typed.get(f"n_{n}")},
        other_use={s: ServiceUse(use, unit) for s in tariff.needs} if use is not None else {},
    )
