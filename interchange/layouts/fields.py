"""One field of a layout: how its text is read and how its value is written.  Pure.

A field is declared once and both directions follow from it.  What is written is read back at once and
must be equal, so a file never carries a value other than the one meant.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from interchange.layouts.kinds import KINDS, KindName, fold
from interchange.layouts.outcome import DoesNotFit, Unreadable, Value

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
# Spreadsheets keep leading zeros by writing ="00123"; the value meant is 00123.
_KEPT_ZEROS = re.compile(r'="([^"]*)"')
_FORMULA = re.compile(r"[=@]|[+\-](?=[A-Za-z(=@+\-])")


@dataclass(frozen=True, slots=True)
class Field:
    """A field: ``length`` in characters, for numbers in digits.

    ``aliases`` are its names in files, the first of them the one written.  ``required``: the column must be
    there; ``never_empty``: its cells must be filled.  ``formats`` are ``strptime`` forms, tried in order.
    ``choices`` maps what stands in the file to our value, the first word of a value being written.
    ``constant`` is always written and must be found.  ``pad`` and ``justify`` count in fixed layouts only.
    """

    name: str
    kind: KindName = "text"
    length: int | None = None
    required: bool = False
    aliases: tuple[str, ...] = ()
    pad: str = " "
    justify: Literal["left", "right"] = "left"
    formats: tuple[str, ...] = ()
    never_empty: bool = False
    choices: Mapping[str, str] = field(default_factory=dict)
    constant: str | None = None
    signed: bool = False

    def __post_init__(self) -> None:
        if self.kind in ("date", "datetime") and not self.formats:
            raise ValueError(f"Field “{self.name}” is a {self.kind} and names no format.")
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError(f"Field “{self.name}” needs choices exactly when it is a choice.")
        if len(self.pad) != 1:
            raise ValueError(f"Field “{self.name}” pads with one character, not “{self.pad}”.")

    @property
    def column(self) -> str:
        """The name it is written under."""
        return self.aliases[0] if self.aliases else self.name

    @property
    def folded_names(self) -> frozenset[str]:
        """All names it answers to, as ``fold`` makes them."""
        return frozenset(fold(name) for name in (self.name, *self.aliases))

    @property
    def blank(self) -> Value:
        """The value of a cell without content."""
        return "" if self.kind in ("text", "choice") else None

    def read(self, text: str) -> Value:
        """The value of a cell; raises ``Unreadable`` with the problem and the remedy."""
        if _CONTROL.search(text):
            raise Unreadable(
                "control_character",
                "There is a character in it that cannot be printed.",
                "Export the file again, or delete the value and type it anew.",
            )
        plain = text.strip()
        kept = _KEPT_ZEROS.fullmatch(plain)
        if kept:
            plain = kept[1].strip()
        if self.constant is not None and plain != self.constant.strip():
            raise Unreadable(
                "other_constant",
                f"“{plain}” stands where “{self.constant.strip()}” must stand.",
                "Check that this is the right kind of file.",
            )
        if not plain:
            if self.never_empty:
                raise Unreadable("empty", "The cell is empty.", "Fill it in; this column may not be empty.")
            return self.blank
        value = KINDS[self.kind].read(self, plain)
        if self.length is not None and KINDS[self.kind].size(plain) > self.length:
            raise Unreadable(
                "too_long",
                f"“{plain[:40]}” is longer than {self.length} characters.",
                f"Shorten it to {self.length}.",
            )
        return value

    def write(self, value: Value) -> str:
        """The text of a value; raises ``DoesNotFit`` when reading it would not give the value again."""
        meant = self.blank if value is None else value
        if self.constant is not None:
            if meant not in (self.blank, self.constant):
                raise DoesNotFit(self.name, value, f"is not the constant “{self.constant}”.")
            return self.constant
        text = "" if meant == self.blank else KINDS[self.kind].write(self, meant)
        try:
            again = self.read(text)
        except Unreadable as unreadable:
            raise DoesNotFit(self.name, value, f"cannot be written: {unreadable.problem}") from None
        if again != meant or type(again) is not type(meant):
            raise DoesNotFit(self.name, value, f"would be read back as {again!r}.")
        return text

    def write_padded(self, value: Value, width: int) -> str:
        """Exactly ``width`` characters; blanks for an empty value, whatever the padding."""
        text = self.write(value)
        if len(text) > width:
            raise DoesNotFit(self.name, value, f"takes {len(text)} characters; there are {width}.")
        if not text:
            return " " * width
        if self.pad == "0" and text.startswith("-"):
            padded = "-" + text[1:].rjust(width - 1, "0")
        else:
            padded = text.rjust(width, self.pad) if self.justify == "right" else text.ljust(width, self.pad)
        if self.constant is None and self.read_padded(padded) != self.read(text):
            raise DoesNotFit(self.name, value, f"is lost in its padding of “{self.pad}”.")
        return padded

    def read_padded(self, text: str) -> Value:
        """The value in its place of a fixed line; raises ``Unreadable``."""
        plain = text.strip(" ")
        # A number keeps its zeros and reads the same; in text they are padding, but never all of the value.
        if plain and self.pad != " " and self.kind == "text" and self.constant is None:
            bare = plain.lstrip(self.pad) if self.justify == "right" else plain.rstrip(self.pad)
            plain = bare or plain[:1]
        return self.read(plain)

    def looks_like_formula(self, text: str) -> bool:
        """Whether a spreadsheet would run this text as a formula."""
        return self.kind == "text" and bool(_FORMULA.match(text)) and not _KEPT_ZEROS.fullmatch(text.strip())
