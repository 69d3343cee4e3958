"""The note pad of an account: dated comments by operators, and those pinned as alerts (CUS-13)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.acting import names_of
from core.actors import Actor
from core.errors import Conflict, NotFound, Refused
from core.operations import operation, under_way
from customers.models import Account, Note

LONGEST = 2000
SHOWN = 200


@operation("customers.note.add", permission="customers.edit")
def add_note(by: Actor, *, account_id: int, text: str, pinned: bool = False) -> int:
    """Write a note on an account, with who and when; returns its id.  What is written stays.

    ``pinned`` shows it as an alert until somebody takes it off.  Raises ``Refused`` at the text when it is
    empty or longer than 2,000 characters.
    """
    return write_note(by, account_id=account_id, text=text, pinned=pinned)


def write_note(by: Actor, *, account_id: int, text: str, pinned: bool = False) -> int:
    """``add_note`` as a part of another operation, whose right it needs and no other."""
    text = text.strip()
    if not text:
        raise Refused("The note is empty.", "Type what is to be known.", field="text")
    if len(text) > LONGEST:
        raise Refused(
            f"The note has {len(text):,} characters.", f"Type {LONGEST:,} characters at most.", field="text"
        )
    if not Account.objects.filter(id=account_id).exists():
        raise NotFound("There is no such account.", "Find it by its number.", field="account_id")
    made = Note.objects.create(
        account_id=account_id, text=text, pinned=pinned, made_at=under_way().at, made_by=by.ref
    )
    return int(made.id)


@operation("customers.note.unpin", permission="customers.edit")
def unpin_note(by: Actor, *, note_id: int) -> int:
    """Take a pinned note off the alerts; it stays on the pad.  Returns its id."""
    found = Note.objects.select_for_update().filter(id=note_id).first()
    if found is None:
        raise NotFound("There is no such note.", "Choose one from the account's note pad.")
    if not found.pinned:
        raise Conflict("The note is not pinned any more.", "See on the note pad who took it off.")
    found.pinned, found.unpinned_at, found.unpinned_by = False, under_way().at, by.ref
    found.save(update_fields=["pinned", "unpinned_at", "unpinned_by"])
    return int(found.id)


@dataclass(frozen=True, slots=True)
class NoteShown:
    """A note with the names of who wrote it and who took it off the alerts."""

    note: Note
    who: str
    unpinned_who: str

    @property
    def at(self) -> datetime:
        """When it was written."""
        moment: datetime = self.note.made_at
        return moment


def notes_of(account_id: int, limit: int = SHOWN) -> list[Note]:
    """The account's notes, newest first; one query."""
    return list(Note.objects.filter(account=account_id).order_by("-id")[:limit])


def notes_shown(notes: Sequence[Note]) -> list[NoteShown]:
    """The notes with names, in their order."""
    names = names_of({ref for one in notes for ref in (one.made_by, one.unpinned_by) if ref})
    return [
        NoteShown(one, names.get(one.made_by, one.made_by), names.get(one.unpinned_by, one.unpinned_by))
        for one in notes
    ]
