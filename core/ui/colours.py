"""A utility's colour, and the tints and readable shades made from it.  Pure.

Contrast is that of WCAG 2.2: 4.5 to 1 for text, 3 to 1 for marks.
"""

import re

TEXT_CONTRAST = 4.5


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue from ``#rrggbb``; raises ``ValueError`` for any other text."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", colour):
        raise ValueError(f"“{colour}” is not a colour. Write it like #1f5673.")
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(colour: str, other: str, share: float) -> str:
    """``share`` (0 to 1) of ``colour`` in ``other``."""
    pairs = zip(channels(colour), channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def contrast(a: str, b: str) -> float:
    """The ratio of lightness of two colours, 1 to 21."""
    light, dark = sorted((_lightness(a), _lightness(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, ground: str = "#ffffff") -> str:
    """The colour, darkened only as far as text in it can be read on a light ground."""
    shade = colour
    while contrast(shade, ground) < TEXT_CONTRAST and shade != "#000000":
        shade = mix(shade, "#000000", 0.92)
    return shade


def _lightness(colour: str) -> float:
    parts = [c / 255 for c in channels(colour)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
