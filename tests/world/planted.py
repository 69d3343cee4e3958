"""Numbers that are planted, and a search for them in bytes: in any spelling, wherever these may lie."""

import base64
import re
import secrets
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

_HEX = b"0123456789abcdefABCDEF"


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is typed, and as it is kept (without strokes)."""

    typed: str
    plain: str


def social_security() -> Number:
    """A number that looks like a social security number."""
    digits = (
        f"{secrets.randbelow(700) + 100:03d}{secrets.randbelow(98) + 1:02d}{secrets.randbelow(9000) + 1000}"
    )
    return Number(f"{digits[:3]}-{digits[3:5]}-{digits[5:]}", digits)


def licence() -> Number:
    """One that looks like a driver licence."""
    digits = f"{secrets.randbelow(10**11):011d}"
    letter = secrets.choice("GHJKMNPRSTW")
    return Number(f"{letter}{digits[:3]}-{digits[3:7]}-{digits[7:]}", letter + digits)


def bank_account() -> Number:
    """One that looks like the number of a bank account."""
    digits = f"00{secrets.randbelow(9 * 10**10) + 10**10}"
    return Number(f"{digits[:3]} {digits[3:8]} {digits[8:]}", digits)


def _in_base64(text: bytes) -> Iterator[bytes]:
    """What is common to every base64 of a text, whatever stands before and after it."""
    for before in range(3):
        whole = base64.b64encode(b"\0" * before + text)
        first, last = (0, 2, 3)[before], -4 if (before + len(text)) % 3 else len(whole)
        yield whole[first:last]


def spellings(number: Number) -> set[bytes]:
    """How a number may be written: with strokes, blanks or none, in two bytes a letter, base64 or hex."""
    texts = {number.plain, number.typed, number.typed.replace("-", " "), number.typed.replace(" ", "-")}
    texts |= {text.lower() for text in texts}
    found: set[bytes] = set()
    for text in texts:
        raw = text.encode()
        found |= {raw, text.encode("utf-16-le"), text.encode("utf-16-be"), raw.hex().encode()}
        found |= {raw.hex().upper().encode(), *_in_base64(raw)}
    return found


def found_in(places: Iterable[Path], numbers: Iterable[Number], folder: Path) -> dict[str, set[str]]:
    """Of each file below ``places`` in which a number stands in plain: which of them, as they are kept."""
    meant = {needle: one.plain for one in numbers for needle in spellings(one)}
    listed = folder / "needles"
    listed.write_bytes(b"\n".join(meant))
    said = subprocess.run(
        ["grep", "-r", "-a", "-o", "-b", "-F", "-f", str(listed), *map(str, places)],
        capture_output=True,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin"},
        check=False,
    )
    assert said.returncode in (0, 1, 2), said.stderr  # 2: a file went away meanwhile
    found: dict[str, set[str]] = {}
    # A needle holds NULs, never a line's end.
    for line in said.stdout.split(b"\n")[:-1]:
        file, at, needle = _hit(line)
        if needle in meant and _alone(Path(file), at, needle):
            found.setdefault(file, set()).add(meant[needle])
    return found


def _hit(line: bytes) -> tuple[str, int, bytes]:
    shape = re.fullmatch(rb"(.+?):(\d+):(.*)", line, re.DOTALL)
    assert shape, line
    return shape[1].decode(), int(shape[2]), shape[3]


def _alone(file: Path, at: int, needle: bytes) -> bool:
    """Whether digits stand alone, and are no part of a longer number that happens to hold them."""
    if not re.fullmatch(rb"[0-9]+", needle):
        return True
    with file.open("rb") as opened:
        opened.seek(max(0, at - 1))
        around = opened.read(len(needle) + 2)
    before = around[:1] if at else b""
    after = around[len(needle) + (1 if at else 0) :][:1]
    return not (before and before in _HEX) and not (after and after in _HEX)
