"""Names that files come with: words of others, shown but never followed."""

import unicodedata

LONGEST = 200


def shown_name(name: str) -> str:
    """A file's name without folders and control characters, at most 200 characters, its ending kept."""
    last = name.replace("\\", "/").rstrip("/").rpartition("/")[2]
    plain = "".join(c for c in last if unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}).strip()
    if not plain.strip("."):
        return "file"
    stem, dot, ending = plain.rpartition(".")
    if not stem or len(ending) > 10:
        return plain[:LONGEST]
    return stem[: LONGEST - len(ending) - 1] + dot + ending
