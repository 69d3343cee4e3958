"""Putting a mail in line."""

from email.utils import parseaddr
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from core.actors import Actor
from core.errors import NotFound, Refused
from core.models import Mail
from core.operations import operation, under_way
from core.vault import stored
from core.work.doorbell import ring_after_commit
from core.work.due import set_due

WAITING, SENT, FAILED = "waiting", "sent", "failed"


def queue_mail(to: str, subject: str, body: str, attachment_id: int | None = None) -> int:
    """Have a plain-text mail sent once the operation at work is committed; returns its id.

    ``attachment_id`` is a kept file of the same utility.  Raises ``Refused`` for an address that cannot
    be one, or a subject of more than one line, ``NotFound`` for an unknown file.
    """
    at = under_way().at
    mail = Mail.objects.create(
        to=_address(to),
        subject=_one_line(subject),
        body=body,
        attachment=None if attachment_id is None else stored(attachment_id),
        made_at=at,
        state=WAITING,
        message_id=_message_id(),
    )
    set_due("mail", mail.id, at)
    ring_after_commit()
    return int(mail.id)


@operation("core.mail.send_again", permission="core.job.cancel")
def send_again(by: Actor, *, mail_id: int) -> int:
    """Put a mail that failed in line again, under its own Message-ID; returns its id."""
    mail = Mail.objects.select_for_update().filter(id=mail_id, state=FAILED).first()
    if mail is None:
        raise NotFound("There is no failed mail of this number.", "It may have been sent meanwhile.")
    mail.state, mail.attempts, mail.problem = WAITING, 0, ""
    mail.save(update_fields=["state", "attempts", "problem"])
    set_due("mail", mail.id, under_way().at)
    ring_after_commit()
    return int(mail.id)


def _address(to: str) -> str:
    plain = to.strip()
    try:
        validate_email(plain)
    except ValidationError:
        raise Refused(
            f"“{plain}” is not a mail address.", "Type one like ann@example.com.", field="to"
        ) from None
    return plain


def _one_line(subject: str) -> str:
    plain = subject.strip()
    if not plain or len(plain) > 200 or any(c in plain for c in "\r\n"):
        raise Refused(
            "The subject must be one line of at most 200 characters.", "Shorten it.", field="subject"
        )
    return plain


def _message_id() -> str:
    """Fixed before the first attempt: whoever gets the mail twice can tell that it is the same one."""
    host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{uuid4().hex}@{host or 'localhost'}>"[:120]
