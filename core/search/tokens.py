"""What a text is found under, and what somebody typed looks for.  Pure.

Keys are words in lower case without accents, and digits.  Where streets are abbreviated, both forms are keys,
so either is found by its beginning.  Numbers known by their last digits are also kept backwards after
``~``: “…4567” is then a range like any other.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

LONGEST = 60
BACKWARDS = "~"
FEWEST_LAST_DIGITS = 3
FEWEST_SPACED = 7
MOST_TERMS = 8
HIGHEST = "\U0010ffff"

_DIRECTION_GROUPS = (
    "n north", "s south", "e east", "w west", "ne northeast", "nw northwest", "se southeast", "sw southwest",
)  # fmt: skip
_GROUPS = (
    *_DIRECTION_GROUPS,
    "st street", "ave av avenue", "rd road", "dr drive", "blvd boulevard", "ln lane", "ct court",
    "cir circle", "pl place", "ter terrace", "trl trail", "pkwy parkway", "hwy highway", "sq square",
    "aly alley", "xing crossing", "cv cove", "pt point", "rte route", "expy expressway", "mt mount",
    "ft fort", "hts heights", "apt apartment", "ste suite", "bldg building", "fl floor", "rm room", "lot lt",
    "1st first", "2nd second", "3rd third", "4th fourth", "5th fifth", "6th sixth", "7th seventh",
    "8th eighth", "9th ninth", "10th tenth", "co county company", "dept department", "univ university",
    "assn association",
)  # fmt: skip
_ALIKE = {word: frozenset(group.split()) for group in _GROUPS for word in group.split()}
_DIRECTIONS = frozenset(word for group in _DIRECTION_GROUPS for word in group.split())
_APOSTROPHES = "'’‘`´ʼ"
_WORD = re.compile(r"[^\W_]+")
_ONE_NUMBER = re.compile(r"\+?[\d\s().\-/#]*")


def plain(text: str) -> str:
    """Lower case, without accents: ``José`` is ``jose``."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words(text: str) -> list[str]:
    """The words of a text in order, apostrophes closed up: ``O'Brien-Smith`` is ``obrien``, ``smith``."""
    return [word[:LONGEST] for word in _WORD.findall(_closed(text))]


def tokens(text: str) -> set[str]:
    """Keys of a name or an address, with the other forms of what is commonly abbreviated."""
    ordered = words(text)
    found = set(ordered) | _numbers(text)
    for word in ordered:
        found |= _ALIKE.get(word, frozenset())
    # “St Charles Rd” is a saint, “Charles St” is a street.
    named = [word for word in ordered if word not in _DIRECTIONS and not word[0].isdigit()]
    if len(named) > 1 and named[0] in ("st", "saint"):
        found |= {"st", "saint"}
    # Behind an apostrophe may stand the part of the name that people remember: O'Brien, d'Angelo.
    parts = re.split(f"[{_APOSTROPHES}]", plain(text))
    if len(parts) > 1:
        found.update(word for part in parts for word in _WORD.findall(part) if len(word) > 2)
    return {word for word in found if not _begun_by_a_like(word, found)}


def number_tokens(number: str) -> set[str]:
    """Keys of an account, meter, route or bill number: its parts, the whole closed up, and backwards."""
    closed = "".join(words(number))
    return {key[:LONGEST] for key in {closed, *words(number), *_numbers(number)} if key} | _last_digits(
        closed
    )


def place_tokens(route: str, sequence: int) -> set[str]:
    """Keys of a place on a route, typed like 12-340."""
    return _numbers(f"{route}-{sequence}")


def phone_tokens(phone: str) -> set[str]:
    """Keys of a telephone number: with its area code, and backwards for the local part and last digits."""
    digits = _without_country(_digits(phone))
    return {digits[:LONGEST]} | _last_digits(digits) if digits else set()


def mail_tokens(address: str) -> set[str]:
    """Keys of a mail address: the whole, and the later words before the @."""
    whole = plain(address.strip())
    return {whole[:LONGEST], *words(whole.partition("@")[0])[1:]} if whole else set()


@dataclass(frozen=True, slots=True)
class Term:
    """One thing typed: the ranges ``[low, high)`` of keys that answer it, any of them."""

    ranges: tuple[tuple[str, str], ...]


def terms(typed: str) -> list[Term]:
    """What must all be found, at most eight terms; each answers to keys beginning with it.

    Digits alone also answer to numbers ending with them, from three digits on.  A number typed with
    dashes, dots or brackets is one term, with spaces as well from seven digits on.
    """
    text = typed.strip()
    if _ONE_NUMBER.fullmatch(text) and len(_digits(text)) >= FEWEST_SPACED:
        return [_term(_without_country(_digits(text)))]
    found: list[str] = []
    for part in text.split():
        if "@" in part.strip("@"):
            found.append(plain(part)[:LONGEST])
        else:
            found.extend(_numbers(part) or words(part))
    return [_term(word) for word in dict.fromkeys(found)][:MOST_TERMS]


def _term(word: str) -> Term:
    ranges = [(word, word + HIGHEST)]
    if word.isascii() and word.isdigit() and len(word) >= FEWEST_LAST_DIGITS:
        backwards = BACKWARDS + word[::-1]
        ranges.append((backwards, backwards + HIGHEST))
    return Term(tuple(ranges))


def _closed(text: str) -> str:
    return plain(text).translate({ord(c): None for c in _APOSTROPHES})


def _numbers(text: str) -> set[str]:
    """Pieces of a text that hold a digit, each closed up: ``12-340`` is ``12340``."""
    pieces = ("".join(_WORD.findall(piece)) for piece in _closed(text).split())
    return {piece[:LONGEST] for piece in pieces if any(c.isdigit() for c in piece)}


def _begun_by_a_like(word: str, found: set[str]) -> bool:
    """Whether another form of the same word begins with it: ``st`` is needless beside ``street``."""
    return any(other != word and other.startswith(word) for other in _ALIKE.get(word, frozenset()) & found)


def _digits(text: str) -> str:
    return "".join(c for c in text if c in "0123456789")


def _without_country(digits: str) -> str:
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def _last_digits(number: str) -> set[str]:
    digits = _digits(number)
    return {(BACKWARDS + digits[::-1])[:LONGEST]} if len(digits) >= FEWEST_LAST_DIGITS else set()


def clean(keys: Iterable[str]) -> list[str]:
    """Keys as they are written: each once, none empty, none too long, in order."""
    return sorted({key[:LONGEST] for key in keys if key})
