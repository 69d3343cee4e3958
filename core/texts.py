"""Texts of a file: each field said once, for its form, its endpoint and the operation that keeps it.

Nothing is cut off: what is longer than its column is refused at the field, wherever it comes from.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.codes import checked_code
from core.errors import Refused

Look = Literal["text", "mail", "upper"]

_COUNTRY = re.compile(r"[A-Z]{2}")
_ZIP = re.compile(r"\d{5}(-\d{4})?")


@dataclass(frozen=True, slots=True)
class Text:
    """A text field: its name in column, form and endpoint, its words, and the most characters it takes.

    ``codes`` names the kind of codes it takes; ``look`` a mail address, or what is kept in capitals.
    """

    name: str
    label: str
    length: int
    needed: bool = False
    help: str = ""
    codes: str = ""
    look: Look = "text"


def kept_texts(
    fields: Sequence[Text], given: Mapping[str, str], before: Mapping[str, str] | None = None
) -> dict[str, str]:
    """The texts as they are kept, blanks around them gone; those not given stay away.

    ``before`` is what the row has: a code that was retired since may stay.  Raises ``Refused`` at the field
    for one that is unknown, missing, too long or no code of its kind.
    """
    known = {one.name: one for one in fields}
    return {
        name: _kept(known.get(name), name, text, (before or {}).get(name, "")) for name, text in given.items()
    }


def _kept(one: Text | None, name: str, typed: str, before: str) -> str:
    if one is None:
        raise Refused(f"There is no field “{name}” here.", "Leave it out.", field=name)
    text = typed.strip()
    if one.look == "upper":
        text = text.upper()
    if not text and one.needed:
        raise Refused(f"The {one.label.lower()} is missing.", "Type it in.", field=name)
    if len(text) > one.length:
        raise Refused(
            f"The {one.label.lower()} has {len(text)} characters.",
            f"Type {one.length} characters at most.",
            field=name,
        )
    if one.look == "mail" and text:
        try:
            validate_email(text)
        except ValidationError as problem:
            raise Refused(
                f"“{text}” is no mail address.", "Type one such as name@town.example.", field=name
            ) from problem
    return checked_code(one.codes, text, name, before=before) if one.codes else text


def check_post(
    whole: Mapping[str, str], *, country: str, zip_code: str, postal_code: str, state: str = ""
) -> None:
    """Refuse an address that the post cannot use; the arguments are the names of its fields.

    In the United States the ZIP is there and has five or nine digits; elsewhere the country is two letters
    and the ZIP may be missing.
    """
    where, code = whole.get(country, "US") or "US", whole.get(zip_code, "")
    if not _COUNTRY.fullmatch(where):
        raise Refused(
            f"“{where}” is no country.", "Type its two letters, such as US, CA or MX.", field=country
        )
    if where != "US":
        return
    if not code:
        raise Refused("The ZIP is missing.", "Type five digits, or ZIP+4 such as 51501-1234.", field=zip_code)
    if not _ZIP.fullmatch(code):
        raise Refused(
            f"“{code}” is no ZIP.", "Type five digits, or ZIP+4 such as 51501-1234.", field=zip_code
        )
