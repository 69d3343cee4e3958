"""A trial bill beside a rate table: figures typed into the address, charges with their steps out.

It changes as one types.  Beside it the bill is drawn against the use, everything else as typed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe

from core.periods import Period
from core.ui.charts import Palette, Point, figure, line_chart, round_top
from core.ui.fields import DayInput
from rates.engine import Rating, RatingError, RatingFacts, ServiceUse, Tariff, TariffError, parse_tariff, rate
from rates.web.reading import choices_in, plain_name

DAYS = 30
STEPS = 24
_LABELLED = 6
_SCREEN = Palette(bar="#a9c3dd", current="#0b5fae")


@dataclass(frozen=True, slots=True)
class Trial:
    """The form, and the rating of what it says or why there is none; ``chart``: the bill against the use."""

    form: forms.Form
    rating: Rating | None = None
    problem: str = ""
    chart: SafeString = SafeString("")


class TrialForm(forms.Form):
    """The figures a table asks for.  It is read from the address, so a trial can be sent to somebody."""

    def __init__(
        self, tariff: Tariff, content: Mapping[str, Any], day: date, typed: Mapping[str, Any]
    ) -> None:
        first: dict[str, Any] = {"on": day.isoformat(), "days": str(DAYS)}
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
                label=f"Use ({tariff.unit_label or 'units'})",
                required=False,
                widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
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
        self.fields["days"] = forms.IntegerField(label="Days", min_value=1, max_value=400)


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
        facts = _facts(tariff, form.cleaned_data)
        return Trial(form, rate(tariff, facts), chart=_chart(tariff, facts))
    except RatingError as wrong:
        return Trial(form, None, f"{wrong.problem} {wrong.remedy}")
    except InvalidOperation:
        return Trial(form, None, "One of the figures is not a number. Type it like 12 or 12.5.")


def _facts(tariff: Tariff, typed: Mapping[str, Any]) -> RatingFacts:
    use = Decimal(typed["use"].replace(",", "")) if typed.get("use") else None
    end = typed["on"] + timedelta(days=1)
    facts = RatingFacts(
        period=Period(end - timedelta(days=typed["days"]), end),
        days=typed["days"],
        use=None,
        unit=None,
        attributes={n: typed[f"is_{n}"] for n in tariff.attributes if typed.get(f"is_{n}")},
        numbers={n: Decimal(typed[f"n_{n}"].replace(",", "")) for n in tariff.numbers if typed.get(f"n_{n}")},
        other_use={},
    )
    return facts if use is None else _using(tariff, facts, use)


def _using(tariff: Tariff, facts: RatingFacts, use: Decimal) -> RatingFacts:
    """The same facts with that use, of this service and of those that it is measured by."""
    unit = tariff.unit or "GAL"
    return replace(facts, use=use, unit=unit, other_use={s: ServiceUse(use, unit) for s in tariff.needs})


def _chart(tariff: Tariff, facts: RatingFacts) -> SafeString:
    """The total from no use to about twice the use typed; nothing for a table that asks for none."""
    if facts.use is None or facts.use <= 0:
        return SafeString("")
    step = round_top(facts.use * 2) / STEPS
    points, marked = [], 0
    for n in range(STEPS + 1):
        used = step * n
        label = figure(used.quantize(Decimal("0.01"))) if n % _LABELLED == 0 else ""
        points.append(Point(label, rate(tariff, _using(tariff, facts, used)).total))
        marked = n if used <= facts.use else marked
    unit = tariff.unit_label or "units"
    drawn = line_chart(
        points,
        title=f"The bill against use in {unit}",
        unit="dollars",
        palette=_SCREEN,
        marked=marked,
    )
    return mark_safe(drawn)  # noqa: S308 - drawn by core.ui.charts, every text in it escaped
