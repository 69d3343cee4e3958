"""Mail: written with what it tells of, sent afterwards by a worker."""

from core.mail.queue import queue_mail, send_again

__all__ = ["queue_mail", "send_again"]
