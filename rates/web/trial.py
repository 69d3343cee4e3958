"""A trial bill beside a rate table: figures typed, charges with their steps out.

It changes as one types.  Beside it the bill is drawn against the use, everything else as typed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.safestring import SafeString, mark_safe

from core.periods import Period
from core.ui.charts import Palette, Point, figure, line_chart, pair_chart, round_top
from core.ui.fields import DayInput
from rates.engine import Rating, RatingError, RatingFacts, ServiceUse, Tariff, TariffError, parse_tariff, rate
from rates.web.reading import choices_in, plain_name

DAYS = 30
STEPS = 24
_LABELLED = 6
_LEAST_DRAWN, _MOST_DRAWN = Decimal("0.01"), Decimal(10) ** 12
_SCREEN = Palette(bar="#a9c3dd", current="#0b5fae")
NAMES = ("in force", "this version")
NOT_A_NUMBER = "One of the figures is not a number. Type it like 12 or 12.5."


@dataclass(frozen=True, slots=True)
class Trial:
    """The form, and the rating of what it says or why there is none; ``chart``: the bill against the use.

    ``before`` is the rating by the version that it is compared with, ``before_problem`` why there is none.
    """

    form: forms.Form
    rating: Rating | None = None
    problem: str = ""
    chart: SafeString = SafeString("")
    before: Rating | None = None
    before_problem: str = ""

    @property
    def change(self) -> Decimal | None:
        """What the bill comes to more than before."""
        return self.rating.total - self.before.total if self.rating and self.before else None


class TrialForm(forms.Form):
    """The figures a table asks for.  It is read from the address, so a trial can be sent to somebody."""

    def __init__(
        self,
        tariff: Tariff,
        content: Mapping[str, Any],
        day: date,
        typed: Mapping[str, Any],
        prefix: str | None = None,
    ) -> None:
        first: dict[str, Any] = {"on": day.isoformat(), "days": str(DAYS)}
        if tariff.unit:
            first["use"] = ""
        choices = choices_in(content)
        wanted = {n: choices.get(n, []) for n in sorted(tariff.attributes)}
        charges, past = sorted(charges_of_others(content)), [one.name for one in tariff.look_backs]
        first |= {f"is_{n}": (listed or [""])[0] for n, listed in wanted.items()}
        first |= {f"n_{n}": "1" for n in tariff.numbers}
        first |= {f"o_{n}": "" for n in charges} | {f"p_{n}": "" for n in past}
        given = {k: v for k, v in typed.items() if k in first or k == "use"}
        known = {**first, **given}
        super().__init__({f"{prefix}-{k}": v for k, v in known.items()} if prefix else known, prefix=prefix)
        if tariff.unit or tariff.needs:
            self.fields["use"] = _figure(f"Use ({tariff.unit_label or 'units'})")
        for name, listed in wanted.items():
            label = plain_name(name).capitalize()
            self.fields[f"is_{name}"] = (
                forms.ChoiceField(label=label, choices=[(v, v) for v in listed], required=False)
                if listed
                else forms.CharField(label=label, required=False)
            )
        for name in sorted(tariff.numbers):
            self.fields[f"n_{name}"] = _figure(plain_name(name).capitalize())
        for name in past:
            self.fields[f"p_{name}"] = _figure(f"{plain_name(name).capitalize()}, each", "6000 8000 7000")
        for name in charges:
            self.fields[f"o_{name}"] = _figure(f"{plain_name(name).capitalize()} ($)")
        self.fields["on"] = forms.DateField(label="Last day", widget=DayInput)
        self.fields["days"] = forms.IntegerField(label="Days", min_value=1, max_value=400)


def usual_trial(content: Mapping[str, Any]) -> dict[str, str]:
    """The trial that a page opens with: a usual use in the table's unit."""
    usual = {"GAL": "5000", "KGAL": "5", "CCF": "7", "CF": "700", "M3": "19", "KWH": "800", "THERM": "40"}
    return {"use": usual.get(str(content.get("unit")), "10"), "days": str(DAYS)}


def _figure(label: str, sample: str = "") -> forms.CharField:
    attributes = {"inputmode": "decimal", "autocomplete": "off"}
    typed = forms.TextInput(attrs={**attributes, "placeholder": sample} if sample else attributes)
    return forms.CharField(label=label, required=False, widget=typed)


def charges_of_others(content: Any) -> set[str]:
    """Charges of other services that a table rests on: ``water.usage``."""
    return {name for name in _rested_on(content) if "." in name}


def _rested_on(content: Any) -> Iterator[str]:
    if isinstance(content, Mapping):
        of = content.get("of") if "kind" in content else None
        yield from (name for name in of if isinstance(name, str)) if isinstance(of, list) else ()
        for inner in content.values():
            yield from _rested_on(inner)
    elif isinstance(content, list):
        for inner in content:
            yield from _rested_on(inner)


def trial_of(
    content: Mapping[str, Any],
    day: date,
    typed: Mapping[str, Any],
    *,
    prefix: str | None = None,
    before: Mapping[str, Any] | None = None,
) -> Trial:
    """What the table charges for the figures typed; without any, only the form.

    ``before`` is a table that the same figures are priced by, for comparison.
    """
    try:
        tariff = parse_tariff(content)
    except TariffError as wrong:  # kept before the engine learned to refuse it
        return Trial(forms.Form(), None, str(wrong))
    form = TrialForm(tariff, content, day, typed, prefix)
    asked = "use" in typed or "on" in typed
    if not asked or not form.is_valid():
        return Trial(form)
    try:
        facts = facts_of_trial(tariff, form.cleaned_data)
        rating = rate(tariff, facts)
    except RatingError as wrong:
        return Trial(form, None, f"{wrong.problem} {wrong.remedy}")
    except ArithmeticError:  # a figure that is none, or a day beyond the calendar
        return Trial(form, None, NOT_A_NUMBER)
    old = _parsed(before)
    if old is None:
        return Trial(form, rating, chart=_chart(tariff, facts))
    return _compared(Trial(form, rating), tariff, old, facts)


def _parsed(content: Mapping[str, Any] | None) -> Tariff | None:
    try:
        return None if content is None else parse_tariff(content)
    except TariffError:
        return None


def _compared(trial: Trial, tariff: Tariff, old: Tariff, facts: RatingFacts) -> Trial:
    try:
        before, problem = rate(old, _of_unit(old, facts)), ""
    except RatingError as wrong:
        before, problem = None, f"{wrong.problem} {wrong.remedy}"
    drawn = _chart(tariff, facts, old)
    return replace(trial, before=before, before_problem=problem, chart=drawn)


def _of_unit(tariff: Tariff, facts: RatingFacts) -> RatingFacts:
    """The facts for another table: its own series, when it names them otherwise, are the first one typed."""
    names = [one.name for one in tariff.look_backs]
    first = next(iter(facts.series.values()), ())
    return replace(facts, series={name: facts.series.get(name, first) for name in names})


def numbers_in(text: str) -> tuple[Decimal, ...]:
    """Figures with spaces or semicolons between; a comma with three digits behind it marks thousands."""
    plain = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    return tuple(Decimal(part) for part in re.split(r"[\s;,]+", plain) if part)


def facts_of_trial(tariff: Tariff, typed: Mapping[str, Any]) -> RatingFacts:
    """The facts that were typed; raises ``InvalidOperation`` for what is no number."""
    use = Decimal(typed["use"].replace(",", "")) if typed.get("use") else None
    end = typed["on"] + timedelta(days=1)
    given = {name: text for name, text in typed.items() if isinstance(text, str) and text}
    numbers = {n: Decimal(given[f"n_{n}"].replace(",", "")) for n in tariff.numbers if f"n_{n}" in given}
    others: dict[str, Decimal] = {}
    for name, text in given.items():
        if name.startswith("o_"):
            amount = Decimal(text.replace(",", ""))
            others |= {name[2:]: amount, f"{name[2:]}.billed": amount}
    facts = RatingFacts(
        period=Period(end - timedelta(days=typed["days"]), end),
        days=typed["days"],
        attributes={n: given[f"is_{n}"] for n in tariff.attributes if f"is_{n}" in given},
        numbers=numbers,
        others=others,
        series={n.name: numbers_in(given.get(f"p_{n.name}", "")) for n in tariff.look_backs},
    )
    every = (*numbers.values(), *others.values(), *(n for s in facts.series.values() for n in s))
    if not all(n.is_finite() for n in (*every, *([use] if use is not None else []))):
        raise InvalidOperation
    return facts if use is None else _using(tariff, facts, use)


def _using(tariff: Tariff, facts: RatingFacts, use: Decimal) -> RatingFacts:
    """The same facts with that use, of this service and of those that it is measured by."""
    unit = tariff.unit or "GAL"
    return replace(facts, use=use, unit=unit, other_use={s: ServiceUse(use, unit) for s in tariff.needs})


def _chart(tariff: Tariff, facts: RatingFacts, old: Tariff | None = None) -> SafeString:
    """The total from no use to about twice the use typed; nothing for a table that asks for none."""
    if facts.use is None or not _LEAST_DRAWN <= facts.use <= _MOST_DRAWN:
        return SafeString("")
    step = round_top(facts.use * 2) / STEPS
    uses = [step * n for n in range(STEPS + 1)]
    labels = [figure(u.quantize(Decimal("0.01"))) if n % _LABELLED == 0 else "" for n, u in enumerate(uses)]
    now = [_total(tariff, tariff, facts, used) for used in uses]
    title = f"The bill against use in {tariff.unit_label or 'units'}"
    if old is not None:
        before = [_total(old, tariff, _of_unit(old, facts), used) for used in uses]
        drawn = pair_chart(labels, before, now, title=title, unit="dollars", names=NAMES, palette=_SCREEN)
    else:
        points = [Point(label, total) for label, total in zip(labels, now, strict=True) if total is not None]
        marked = max((n for n, used in enumerate(uses) if used <= facts.use), default=0)
        marked = marked if len(points) == len(uses) else -1
        drawn = line_chart(points, title=title, unit="dollars", palette=_SCREEN, marked=marked)
    return mark_safe(drawn)  # noqa: S308 - drawn by core.ui.charts, every text in it escaped


def _total(tariff: Tariff, typed_in: Tariff, facts: RatingFacts, used: Decimal) -> Decimal | None:
    """The bill at that use, typed in the unit of the table on the screen; ``None`` where it has no price."""
    unit = typed_in.unit or "GAL"
    using = replace(facts, use=used, unit=unit, other_use={s: ServiceUse(used, unit) for s in tariff.needs})
    try:
        return rate(tariff, using).total
    except (RatingError, ArithmeticError):
        return None
