"""What a text is found under, and what somebody typed looks for.  Pure.

Keys are words in lower case without accents, and digits.  Where streets are abbreviated, both forms are keys,
so either is found by its beginning.  Numbers known by their last digits are also kept backwards after
``~``: “…4567” is then a range like any other.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from core.search.abbreviations import DIRECTIONS, IN_FRONT, NAMES, ORDINALS, PARTICLES, STREETS, UNITS

LONGEST = 60
BACKWARDS = "~"
FEWEST_LAST_DIGITS = 3
FEWEST_SPACED = 7
MOST_TERMS = 8
HIGHEST = "\U0010ffff"

SEQUENCE = "@"
_LINES = [
    line.split()
    for lines in (DIRECTIONS, UNITS, STREETS, ORDINALS, NAMES)
    for line in lines.split("\n")
    if line
]
_DIRECTIONS = frozenset(DIRECTIONS.split())
_PARTICLES = frozenset(PARTICLES.split())
_APOSTROPHES = "'’‘`´ʼʹ′"
_WITHOUT_APOSTROPHES = dict.fromkeys(map(ord, _APOSTROPHES))
_LETTERS = {
    ord(letter): short
    for letter, short in zip("øđłðħıæœþ", ("o", "d", "l", "d", "h", "i", "ae", "oe", "th"), strict=True)
}
_WORD = re.compile(r"[^\W_]+")
_HYPHENED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_ONE_NUMBER = re.compile(r"\+?[\d\s().\-/#]*")
_SHORTEST_OF_MC = 6


def _alike() -> tuple[dict[str, frozenset[str]], dict[str, frozenset[str]]]:
    """For each form the word and its short form, which are kept; for a rarer one the words it looks for."""
    kept: dict[str, set[str]] = {}
    looks_for: dict[str, set[str]] = {}
    for long, *others in _LINES:
        for form in (long, *others):
            kept.setdefault(form, set()).update((long, *others[:1]))
        for form in others[1:]:
            looks_for.setdefault(form, set()).add(long)
    return (
        {form: frozenset(words) for form, words in kept.items()},
        {form: frozenset(w for w in words if not w.startswith(form)) for form, words in looks_for.items()},
    )


_ALIKE, _LOOKS_FOR = _alike()


def plain(text: str) -> str:
    """Lower case, without accents: ``José`` is ``jose``."""
    if text.isascii():
        return text.lower()
    # Folded on both sides: what a sign is short for may be a capital, and a capital may fall into parts.
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text.casefold()).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c)).translate(_LETTERS)


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
    if len(named) > 1:
        found |= {w for short, long in IN_FRONT.items() if named[0] in (short, long) for w in (short, long)}
    found |= _written_together(text, ordered)
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
    """Keys of a place on a route, typed like 12-340, 12/340 or 12 340."""
    return _numbers(f"{route}-{sequence}") | {f"{SEQUENCE}{sequence}"}


def phone_tokens(phone: str) -> set[str]:
    """Keys of a telephone number: with its area code, and backwards for the local part and last digits."""
    digits = _without_country(all_digits(phone))
    return {digits[:LONGEST]} | _last_digits(digits) if digits else set()


def mail_tokens(address: str) -> set[str]:
    """Keys of a mail address: the whole, and the later words before the @."""
    whole = plain(address.strip())
    return {whole[:LONGEST], *words(whole.partition("@")[0])[1:]} if whole else set()


@dataclass(frozen=True, slots=True)
class Term:
    """One thing typed: the ranges ``[low, high)`` of keys that answer it, any of them."""

    ranges: tuple[tuple[str, str], ...]

    def answered_by(self, keys: Iterable[str]) -> bool:
        """Whether one of the keys answers it."""
        return any(low <= key < high for key in keys for low, high in self.ranges)


def terms(typed: str) -> list[Term]:
    """What must all be found, at most eight terms; each answers to keys beginning with it.

    Digits alone also answer to numbers ending with them, from three digits on.  A number typed with
    dashes, dots or brackets is one term, with spaces as well from seven digits on.  Digits after one other
    word may be a place after its route.
    """
    text = typed.strip()
    if _ONE_NUMBER.fullmatch(text) and len(all_digits(text)) >= FEWEST_SPACED:
        return [_term(_without_country(all_digits(text)))]
    found: list[str] = []
    for part in text.split():
        if "@" in part.strip("@"):
            found.append(plain(part)[:LONGEST])
        else:
            found.extend(_numbers(part) or words(part))
    each = list(dict.fromkeys(found))[:MOST_TERMS]
    pair = len(each) == 2 and each[1].isascii() and each[1].isdigit()
    return [_term(word, after_a_route=pair and n == 1) for n, word in enumerate(each)]


def _term(word: str, *, after_a_route: bool = False) -> Term:
    wanted = [word, *sorted(_LOOKS_FOR.get(word, ()))]
    if word.isascii() and word.isdigit() and len(word) >= FEWEST_LAST_DIGITS:
        wanted.append(BACKWARDS + word[::-1])
    if after_a_route:
        wanted.append(SEQUENCE + word)
    return Term(tuple((begins, begins + HIGHEST) for begins in wanted))


def _closed(text: str) -> str:
    return plain(text).translate(_WITHOUT_APOSTROPHES)


def _numbers(text: str) -> set[str]:
    """Pieces of a text that hold a digit, each closed up: ``12-340`` is ``12340``."""
    pieces = ("".join(_WORD.findall(piece)) for piece in _closed(text).split())
    return {piece[:LONGEST] for piece in pieces if any(c.isdigit() for c in piece)}


def _written_together(text: str, ordered: list[str]) -> set[str]:
    """De La Cruz as ``delacruz``, ``lacruz``; McDonald as ``donald``; Smith-Jones as ``smithjones``."""
    found = {"".join(_WORD.findall(piece)) for piece in _HYPHENED.findall(_closed(text))}
    for start, word in enumerate(ordered):
        end = start
        while end < len(ordered) - 1 and ordered[end] in _PARTICLES:
            end += 1
        if end > start:
            found.add("".join(ordered[start : end + 1])[:LONGEST])
        if word.startswith("mc") and len(word) >= _SHORTEST_OF_MC:
            found.add(word[2:])
    return found


def _begun_by_a_like(word: str, found: set[str]) -> bool:
    """Whether another form of the same word begins with it: ``st`` is needless beside ``street``."""
    return any(other != word and other.startswith(word) for other in _ALIKE.get(word, frozenset()) & found)


def all_digits(text: str) -> str:
    """The digits of a text, all closed up."""
    return "".join(c for c in text if c in "0123456789")


def _without_country(digits: str) -> str:
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def _last_digits(number: str) -> set[str]:
    digits = all_digits(number)
    return {(BACKWARDS + digits[::-1])[:LONGEST]} if len(digits) >= FEWEST_LAST_DIGITS else set()


def clean(keys: Iterable[str]) -> list[str]:
    """Keys as they are written: each once, none empty, none too long, in order."""
    return sorted({key[:LONGEST] for key in keys if key})
