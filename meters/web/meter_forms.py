"""The forms of the meter file: a meter, its registers, where it is put, what it is exchanged for."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from core.quantities import UNITS
from core.ui.fields import AmountField, DayField, DayInput
from core.ui.text_fields import field_of, fields_of
from meters.meter_file import (
    DATES,
    METER_TEXTS,
    MOST_DEAD_ZEROS,
    MOST_DIALS,
    MOST_MULTIPLIER,
    PARTS,
    RECEIPT,
    RegisterOf,
)
from meters.models import ConnectionFee, Meter, ServiceType
from meters.usage import REGISTERS, is_demand, register_words

MEASURING = ("volume", "energy", "heat", "demand", "apparent", "reactive")
FOR = [("", "—"), *((code, words.capitalize()) for code, words in REGISTERS.items() if code)]
ROOM = 3
"""Registers that a new meter may be given: on peak, off peak and a demand beside them."""
_TITLES = (
    "Register",
    "Second register, of a compound meter, for other hours or for the demand",
    "Third register, where there is one",
)
Section = tuple[str, Sequence[str]]


def sections(form: forms.Form, parts: Sequence[Section]) -> list[tuple[str, list[forms.BoundField]]]:
    """The fields of a form under their headings; a name that the form has not is left out."""
    return [(title, [form[name] for name in names if name in form.fields]) for title, names in parts]


def units() -> list[tuple[str, str]]:
    """The units that a register may count in."""
    return [(code, one.label) for code, one in UNITS.items() if one.kind in MEASURING]


def day(label: str, help_text: str = "", required: bool = True) -> DayField:
    """A day."""
    return DayField(label=label, widget=DayInput, help_text=help_text, required=required)


def dial(label: str, required: bool = True) -> forms.DecimalField:
    """What a dial shows."""
    return forms.DecimalField(
        label=label, required=required, min_value=Decimal(0), max_digits=14, decimal_places=3,
        help_text="The figures that turn, without dead zeros.",
    )  # fmt: skip


def register_names(part: str) -> tuple[str, ...]:
    """The names of the fields of one register."""
    names = ("unit", "for", "dials", "dead_zeros", "multiplier", "may_run_backwards")
    return tuple(f"{part}{name}" for name in names)


class RegistersForm(forms.Form):
    """Fields for up to so many registers; all but the first are left empty for a meter that has only one.

    What a register is for can be said while there are none: a register that is there keeps its letter.
    """

    def add_registers(
        self, before: Sequence[RegisterOf], room: int, least: int, *, kept: bool = True
    ) -> None:
        """Fields of the registers there are, and of further ones up to ``room``; ``least`` must be typed.

        ``kept``: those there are stay what they are for; else they are what a new meter begins with.
        """
        self.kept = [one.code for one in before] if kept else []
        self.parts = PARTS[: max(room, len(before))]
        for n, part in enumerate(self.parts):
            self._add(part, before[n] if n < len(before) else None, needed=n < least)

    def _add(self, part: str, one: RegisterOf | None, *, needed: bool) -> None:
        choices = units() if needed else [("", "None"), *units()]
        most = Decimal(MOST_MULTIPLIER)
        made: dict[str, forms.Field] = {
            "unit": forms.ChoiceField(label="Counts in", choices=choices, required=needed),
            "dials": forms.IntegerField(
                label="Dials", min_value=1, max_value=MOST_DIALS, required=needed, initial=6,
                help_text="Digits that turn.",
            ),
            "dead_zeros": forms.IntegerField(
                label="Dead zeros", min_value=0, max_value=MOST_DEAD_ZEROS, required=needed, initial=0,
                help_text="Zeros painted behind them; they are not read.",
            ),
            "multiplier": forms.DecimalField(
                label="Multiplier", min_value=Decimal("0.0001"), max_value=most, max_digits=10,
                decimal_places=4,
                required=needed, initial=Decimal(1), help_text="What one unit of the dial counts.",
            ),
            "may_run_backwards": forms.BooleanField(label="May run backwards", required=False),
        }  # fmt: skip
        if not self.kept:
            other = [(one.code, register_words(one.code))] if one and one.code not in dict(FOR) else []
            made["for"] = forms.ChoiceField(
                label="What it is for", required=False, choices=[*FOR, *other],
                help_text="Of several: energy and demand are told by their units, else low and high side.",
            )  # fmt: skip
        for name, field in made.items():
            if one is not None:
                value = one.code if name == "for" else getattr(one, name)
                field.initial = format(value.normalize(), "f") if isinstance(value, Decimal) else value
            self.fields[f"{part}{name}"] = field

    def registers(self) -> list[RegisterOf]:
        """The registers as they were typed.

        Two new ones of one kind are the low side and the high side, unless it is said what they are for;
        beside a demand stands the energy.
        """
        typed = self.cleaned_data
        parts = [part for part in self.parts if typed.get(f"{part}unit")]
        codes = self.kept
        if not codes:
            codes = _new_codes([(typed[f"{part}unit"], typed.get(f"{part}for", "")) for part in parts])
        return [
            RegisterOf(
                unit=typed[f"{part}unit"],
                code=codes[n],
                dials=_or(typed[f"{part}dials"], 6),
                multiplier=_or(typed[f"{part}multiplier"], Decimal(1)),
                dead_zeros=_or(typed[f"{part}dead_zeros"], 0),
                may_run_backwards=typed[f"{part}may_run_backwards"],
            )
            for n, part in enumerate(parts)
        ]

    def register_sections(self) -> Iterator[Section]:
        """The registers' fields under their headings."""
        for n, part in enumerate(self.parts):
            title = _TITLES[min(n, len(_TITLES) - 1)]
            code = self.kept[n] if n < len(self.kept) else ""
            yield f"Register {code}" if code else title, register_names(part)


def _new_codes(counting: Sequence[tuple[str, str]]) -> list[str]:
    """The letters of new registers that count in these units, each with what was said it is for."""
    if len(counting) == 1:
        return [counting[0][1] if counting[0][1] not in ("L", "H") else ""]
    demands = [is_demand(unit) for unit, _ in counting]
    if any(said for _, said in counting) or (len(counting) == 2 and len(set(demands)) == 2):
        told = ["D" if demand else "E" for demand in demands]
        return [said or one for (_, said), one in zip(counting, told, strict=True)]
    return list("LHXY"[: len(counting)])


def _or(typed: Any, otherwise: Any) -> Any:
    return otherwise if typed is None else typed


class MeterForm(RegistersForm):
    """A meter of the file; ``meter`` is the one that is changed."""

    def __init__(
        self, meter: Meter | None, registers: Sequence[RegisterOf], *args: Any, unit: str = "", **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.fields.update(fields_of(METER_TEXTS, meter))
        if meter is None:
            self.fields["service_type"] = forms.ChoiceField(
                label="Service", choices=ServiceType.choices, initial=ServiceType.WATER
            )
        self.fields["cut_on"] = day("Cut on", "The day it was last turned on.", required=False)
        self.fields["cut_off"] = day("Cut off", "The day it was last turned off.", required=False)
        least = len(registers) or 1
        self.add_registers(registers, room=ROOM if meter is None else least, least=least)
        if unit and not registers:
            self.fields["unit"].initial = unit

    def texts(self) -> dict[str, str]:
        """The texts of the file."""
        return {one.name: self.cleaned_data[one.name] for one in METER_TEXTS}

    def dates(self) -> dict[str, date | None]:
        """Cut-on and cut-off."""
        return {name: self.cleaned_data[name] for name in DATES}

    def shown_in(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        file = ("number", "service_type", "size", "kind", "serial", "brand", "style", "endpoint")
        place = ("place_text", "cut_on", "cut_off", "master")
        return sections(self, [("The meter", file), ("In its place", place), *self.register_sections()])


def meter_values(meter: Meter) -> dict[str, Any]:
    """What a meter's form begins with."""
    texts = {one.name: getattr(meter, one.name) for one in METER_TEXTS}
    number = meter.master.number if meter.master else ""
    return {**texts, "master": number, "cut_on": meter.cut_on, "cut_off": meter.cut_off}


class InstallForm(forms.Form):
    """Where a meter is put, and what it shows then."""

    location = forms.CharField(
        label="Location", max_length=40, help_text="Its code, or type the address and choose.",
        widget=forms.TextInput(attrs={"list": "location-options", "autocomplete": "off"}),
    )  # fmt: skip
    point = forms.CharField(
        label="Service point", max_length=40, initial="001",
        help_text="One that is not there yet is made; usually 001.",
    )  # fmt: skip
    on = day("Installed on")

    def __init__(self, codes: Sequence[str], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.codes = list(codes)
        for code in codes:
            self.fields[f"dial{code.lower()}"] = dial(dial_label("It shows", code))

    def dials(self) -> dict[str, Decimal]:
        """By the registers' codes."""
        return {code: self.cleaned_data[f"dial{code.lower()}"] for code in self.codes}


class RemoveForm(forms.Form):
    """When a meter is taken out, and what it shows then."""

    on = day("Taken out on")

    def __init__(self, codes: Sequence[str], *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.codes = list(codes)
        for code in codes:
            self.fields[f"last{code.lower()}"] = dial(dial_label("Last reading", code))
            self.fields[f"over{code.lower()}"] = forms.BooleanField(
                label=dial_label("The dial passed zero", code), required=False
            )

    def last(self) -> dict[str, Decimal]:
        """The last readings by the registers' codes."""
        return {code: self.cleaned_data[f"last{code.lower()}"] for code in self.codes}

    def passed_zero(self) -> list[str]:
        """The registers that went over their highest figure."""
        return [code for code in self.codes if self.cleaned_data[f"over{code.lower()}"]]


class ExchangeForm(RegistersForm, RemoveForm):
    """The last readings of the old meter; the new one, how it counts and what it begins with."""

    NEW = ("number", "size", "kind", "serial", "brand", "style", "endpoint")

    def __init__(self, old: Meter, registers: Sequence[RegisterOf], *args: Any, **kw: Any) -> None:
        super().__init__([one.code for one in registers], *args, **kw)
        self.old_codes = list(self.codes)
        texts = [one for one in METER_TEXTS if one.name in self.NEW]
        self.fields.update(fields_of(texts))
        for name in ("size", "kind"):
            self.fields[name].initial = getattr(old, name)
        self.add_registers(registers, room=ROOM, least=1, kept=False)
        for part in self.parts:
            self.fields[f"{part}first"] = dial("Begins with", required=False)
            self.fields[f"{part}first"].initial = 0

    def last(self) -> dict[str, Decimal]:
        """The last readings of the old meter."""
        return {code: self.cleaned_data[f"last{code.lower()}"] for code in self.old_codes}

    def passed_zero(self) -> list[str]:
        """The old registers that went over their highest figure."""
        return [code for code in self.old_codes if self.cleaned_data[f"over{code.lower()}"]]

    def texts(self) -> dict[str, str]:
        """The new meter's."""
        return {name: self.cleaned_data[name] for name in self.NEW}

    def first(self) -> dict[str, Decimal]:
        """What the new registers begin with, by their codes."""
        parts = [part for part in self.parts if self.cleaned_data.get(f"{part}unit")]
        made = zip(self.registers(), parts, strict=True)
        return {one.code: _or(self.cleaned_data[f"{part}first"], Decimal(0)) for one, part in made}

    def shown_in(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields under their headings."""
        out = ["on"]
        for code in self.old_codes:
            out += [f"last{code.lower()}", f"over{code.lower()}"]
        counts = [
            (f"New: {title[0].lower()}{title[1:]}", (*names[:-1], f"{part}first"))
            for (title, names), part in zip(self.register_sections(), self.parts, strict=True)
        ]
        return sections(self, [("The old meter", out), ("The new meter", self.NEW), *counts])


class FeeForm(forms.Form):
    """A connection fee that was paid for a service point."""

    kind = forms.ChoiceField(label="Fee", choices=ConnectionFee.Kind.choices)
    paid_on = day("Paid on")
    amount = AmountField(label="Amount", least=Decimal(0), most=Decimal("9999999.99"))

    def __init__(self, *args: Any, **kw: Any) -> None:
        super().__init__(*args, **kw)
        self.fields["receipt"] = field_of(RECEIPT)
        self.fields["receipt"].widget.attrs.pop("maxlength", None)


def dial_label(words: str, code: str) -> str:
    """The label of a dial's field; a compound meter has one for each side."""
    return f"{words}, {register_words(code)}" if code else words
