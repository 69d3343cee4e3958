"""A utility's own codes: what they mean, beside the code, wherever one is typed or shown.

Each app lists the kinds that it uses in ``<app>/codes.py`` as ``CODE_KINDS``.  A retired code stays on what
has it and can be looked up, but is taken for nothing new.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from core.actors import Actor
from core.app_lists import gather
from core.errors import Conflict, NotFound, Refused
from core.models import Code
from core.operations import operation

CODE_LENGTH, NAME_LENGTH = 12, 60


@dataclass(frozen=True, slots=True)
class CodeKind:
    """A kind of codes: its own code, its name in the plural, what it is for.

    ``first`` are the codes that a utility begins with; they count until it has any of its own.
    """

    kind: str
    label: str
    about: str
    first: tuple[tuple[str, str], ...] = ()


CODE_KINDS: tuple[CodeKind, ...] = ()


def code_kinds() -> Mapping[str, CodeKind]:
    """All kinds, by their code, in the order of the apps."""
    found: tuple[CodeKind, ...] = gather("codes", "CODE_KINDS")
    return {one.kind: one for one in found}


def codes_of(kind: str, *, retired: bool = False) -> list[tuple[str, str]]:
    """Code and description, by code; with ``retired`` those that are taken for nothing new as well."""
    rows = list(Code.objects.filter(kind=kind).order_by("code").values_list("code", "name", "is_live"))
    if not rows:
        return list(code_kinds()[kind].first)
    return [(code, name) for code, name, is_live in rows if is_live or retired]


def code_name(kind: str, code: str) -> str:
    """What a code means, retired or not; the code itself when nobody ever said."""
    return dict(codes_of(kind, retired=True)).get(code, code) if code else ""


def checked_code(kind: str, code: str, field: str, *, before: str = "") -> str:
    """The code as it is kept; raises ``Refused`` at the field for one that is unknown or retired.

    ``before`` is what the row has already: it may stay, even when it was retired since.
    """
    typed = code.strip()
    if not typed or typed == before:
        return typed
    known = [found for found, _ in codes_of(kind)]
    match = next((found for found in known if found.lower() == typed.lower()), None)
    if match is None:
        label = code_kinds()[kind].label.lower()
        raise Refused(
            f"“{typed}” is none of the {label}.",
            f"Choose one of them ({', '.join(known[:8])}{' …' if len(known) > 8 else ''}), or add it under"
            " Settings, Codes.",
            field=field,
        )
    return match


@operation("core.code.put", permission="core.code.edit")
def put_code(by: Actor, *, kind: str, code: str, name: str, is_live: bool = True, new: bool = False) -> int:
    """Add a code, name it anew, retire it or take it back; returns its id.

    The first code of a kind brings along those that the kind begins with.  Capital and small letters are the
    same code.  Raises ``NotFound`` for a kind that does not exist, ``Refused`` at the field for an empty or
    too long text, and with ``new`` ``Conflict`` for a code that is there.
    """
    known = code_kinds().get(kind)
    if known is None:
        raise NotFound(f"There are no codes of the kind “{kind}”.", "Choose one of the kinds.", field="kind")
    code, name = _text(code, "code", CODE_LENGTH), _text(name, "name", NAME_LENGTH)
    if not Code.objects.filter(kind=kind).exists():
        for first, words in known.first:
            Code.objects.create(kind=kind, code=first, name=words)
    found = Code.objects.select_for_update().filter(kind=kind, code__iexact=code).first()
    if found is None:
        return int(Code.objects.create(kind=kind, code=code, name=name, is_live=is_live).id)
    if new:
        raise Conflict(
            f"There is a code {found.code} already: {found.name}.",
            "Choose another, or change that one.",
            field="code",
        )
    found.name, found.is_live = name, is_live
    found.save(update_fields=["name", "is_live"])
    return int(found.id)


def _text(typed: str, field: str, most: int) -> str:
    text = typed.strip()
    if not text:
        raise Refused(f"The {field} is missing.", "Type it in.", field=field)
    if len(text) > most:
        raise Refused(
            f"The {field} has {len(text)} characters.", f"Type {most} characters at most.", field=field
        )
    return text
