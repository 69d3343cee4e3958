"""Sending what waits: at least once, and twice only under the same Message-ID.

An attempt is two transactions.  The first counts it and puts the mail's next turn off, so that a worker
killed while sending is followed by another after ``TURN``.  The second holds the mail's row while the
server is spoken to: however slow that is, no two workers send the same mail.  Killed between the server's
yes and the mark, the mail goes out again with the Message-ID it had.
"""

from datetime import datetime, timedelta
from email.utils import formataddr, parseaddr
from smtplib import SMTPRecipientsRefused, SMTPResponseException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction

from core.errors import Refused
from core.failpoints import reached
from core.mail.queue import FAILED, SENT, WAITING
from core.models import Mail, Utility
from core.tenancy import current_utility_id
from core.vault import fetch
from core.work.due import backoff, lay_down, set_due

TURN = timedelta(seconds=40)
MOST_ATTEMPTS = 12
PATIENCE = 15
AUTHENTICATION_FAILED = 535


def deliver(ref: int, now: datetime) -> bool:
    """Try to send one mail of the utility in scope; call it outside transactions.  True if it was tried.

    What cannot be sent is tried again, later each time; after twelve attempts, or at once when the
    server refuses the address for good, the mail is failed and says why.
    """
    if not _take_turn(ref, now):
        return False
    _send(ref, now)
    return True


def _take_turn(ref: int, now: datetime) -> bool:
    with transaction.atomic():
        mail = Mail.objects.select_for_update(skip_locked=True).filter(id=ref).first()
        if mail is None:  # another worker is sending it
            return False
        if mail.state != WAITING:
            lay_down("mail", ref)
            return False
        mail.attempts += 1
        mail.save(update_fields=["attempts"])
        set_due("mail", ref, now + TURN)
        return True


def _send(ref: int, now: datetime) -> None:
    with transaction.atomic():
        mail = Mail.objects.select_for_update(skip_locked=True).filter(id=ref, state=WAITING).first()
        if mail is None:
            return
        try:
            _message(mail).send()
        except (OSError, Refused) as problem:  # smtplib's errors are OSErrors
            _put_off(mail, problem, now)
            return
        reached("mail.sent")
        mail.state, mail.sent_at, mail.problem = SENT, now, ""
        mail.save(update_fields=["state", "sent_at", "problem"])
        lay_down("mail", ref)


def _message(mail: Mail) -> EmailMessage:
    utility = Utility.objects.get(id=current_utility_id())
    message = EmailMessage(
        subject=mail.subject,
        body=mail.body,
        from_email=formataddr((utility.name, parseaddr(settings.DEFAULT_FROM_EMAIL)[1])),
        to=[mail.to],
        headers={"Message-ID": mail.message_id},
        connection=get_connection(timeout=settings.EMAIL_TIMEOUT or PATIENCE),
    )
    if mail.attachment_id is not None:
        file = mail.attachment
        message.attach(file.name, fetch(file.id), file.media_type)
    return message


def _put_off(mail: Mail, problem: Exception, now: datetime) -> None:
    mail.problem = _words(problem)
    if _for_good(problem) or mail.attempts >= MOST_ATTEMPTS:
        mail.state = FAILED
        lay_down("mail", mail.id)
    else:
        set_due("mail", mail.id, now + backoff(mail.attempts, first=60, longest=3600))
    mail.save(update_fields=["state", "problem"])


def _for_good(problem: Exception) -> bool:
    """Whether trying again cannot help: the server said 5xx to this mail, or its attachment is gone."""
    if isinstance(problem, SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in problem.recipients.values())
    if isinstance(problem, SMTPResponseException):
        return problem.smtp_code >= 500 and problem.smtp_code != AUTHENTICATION_FAILED
    return isinstance(problem, Refused)


def _words(problem: Exception) -> str:
    said: list[str] = []
    if isinstance(problem, SMTPRecipientsRefused):
        said = [f"{code} {_text(text)}" for code, text in problem.recipients.values()]
    elif isinstance(problem, SMTPResponseException):
        said = [f"{problem.smtp_code} {_text(problem.smtp_error)}"]
    if said:
        return f"The mail server answered: {'; '.join(said)}"
    if isinstance(problem, Refused):
        return str(problem)
    return f"The mail server could not be reached ({problem}). Check EMAIL_URL."


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
