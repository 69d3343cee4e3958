"""Mail: leaves once it is committed, once for each, and says so when it cannot."""

import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection, transaction

from core.actors import Actor
from core.errors import Refused
from core.mail import queue_mail, send_again
from core.mail.delivery import TURN, deliver
from core.mail.queries import unsent
from core.models import Due, Mail
from core.operations import operation
from core.tenancy import scope
from core.vault import keep
from tests.conftest import World

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


class Post:
    """A mail server's answers, and what it took."""

    def __init__(self) -> None:
        self.taken: list[Message] = []
        self.to_address, self.to_content, self.seconds = "250 OK", "250 OK", 0.0

    async def handle_RCPT(  # noqa: N802  # the name by which the server calls it
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.to_address.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_address

    async def handle_DATA(  # noqa: N802  # the name by which the server calls it
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        time.sleep(self.seconds)
        if self.to_content.startswith("250"):
            self.taken.append(message_from_bytes(envelope.content))
        return self.to_content


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    handler = Post()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield handler
    server.stop()


@pytest.fixture
def oak(world: World) -> World:
    """Oak in scope, rolled back; what needs a second connection asks for ``live``."""
    return world


@operation("trial.mail", permission="core.job.cancel")
def written(by: Actor, *, to: str = "ann@example.com", subject: str = "Your bill", fail: bool = False) -> int:
    file_id = keep("bill 7.pdf", b"%PDF- the bill", "application/pdf", "trial")
    mail_id = queue_mail(to, subject, "Here it is.\n", attachment_id=file_id)
    if fail:
        raise ValueError("the run failed")
    return mail_id


def mail(mail_id: int) -> Mail:
    with transaction.atomic():
        return Mail.objects.get(id=mail_id)


def due(mail_id: int) -> datetime | None:
    return Due.objects.filter(kind="mail", ref=mail_id).values_list("due_at", flat=True).first()


def test_a_mail_leaves_with_its_attachment_from_the_utility(oak: World, post: Post) -> None:
    mail_id = written(oak.oak.system)
    assert (post.taken, due(mail_id) is not None) == ([], True)
    assert deliver(mail_id, NOW)
    (taken,) = post.taken
    _, body, attached = taken.walk()
    assert str(body.get_payload()).strip() == "Here it is."
    assert (taken["To"], taken["Subject"]) == ("ann@example.com", "Your bill")
    assert taken["From"].startswith("City of Oak Hollow <")
    assert (attached.get_filename(), attached.get_payload(decode=True)) == ("bill 7.pdf", b"%PDF- the bill")
    assert (mail(mail_id).state, mail(mail_id).sent_at, due(mail_id)) == ("sent", NOW, None)


def test_what_failed_sends_no_mail(oak: World, post: Post) -> None:
    with pytest.raises(ValueError, match="the run failed"):
        written(oak.oak.system, fail=True)
    with transaction.atomic():
        assert not Mail.objects.exists()
    assert not Due.objects.filter(kind="mail").exists()


def test_sent_but_not_marked_goes_again_under_the_same_message_id(
    oak: World, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(point: str) -> None:
        raise RuntimeError(f"killed at {point}")

    mail_id = written(oak.oak.system)
    with monkeypatch.context() as trial:
        trial.setattr("core.mail.delivery.reached", killed)
        with pytest.raises(RuntimeError, match=r"killed at mail\.sent"):
            deliver(mail_id, NOW)
    assert (mail(mail_id).state, due(mail_id)) == ("waiting", NOW + TURN)
    assert deliver(mail_id, NOW + TURN)
    assert deliver(mail_id, NOW + 2 * TURN) is False
    assert [m["Message-ID"] for m in post.taken] == [mail(mail_id).message_id] * 2


def test_two_workers_send_a_mail_once_however_slow_the_server(live: World, post: Post) -> None:
    post.seconds = 0.5
    with scope(live.oak.utility.id):
        mail_id = written(live.oak.system)

    def work(moment: datetime) -> None:
        with scope(live.oak.utility.id):
            deliver(mail_id, moment)
        connection.close()

    with ThreadPoolExecutor(4) as workers:
        list(workers.map(work, [NOW, NOW, NOW + TURN, NOW + 2 * TURN]))
    assert len(post.taken) == 1
    with scope(live.oak.utility.id):
        assert mail(mail_id).state == "sent"


def test_a_server_that_asks_to_wait_is_asked_again_later_and_later(oak: World, post: Post) -> None:
    mail_id, post.to_content = written(oak.oak.system), "451 Try again later"
    deliver(mail_id, NOW)
    assert due(mail_id) == NOW + timedelta(seconds=60)
    deliver(mail_id, NOW)
    assert due(mail_id) == NOW + timedelta(seconds=120)
    assert (mail(mail_id).state, mail(mail_id).attempts) == ("waiting", 2)
    assert mail(mail_id).problem == "The mail server answered: 451 Try again later"


def test_an_address_refused_for_good_fails_visibly_and_can_be_sent_again(oak: World, post: Post) -> None:
    mail_id, post.to_address = written(oak.oak.system), "550 No such person"
    deliver(mail_id, NOW)
    with transaction.atomic():
        assert [(m.id, m.state, m.problem) for m in unsent()] == [
            (mail_id, "failed", "The mail server answered: 550 No such person")
        ]
    assert due(mail_id) is None
    post.to_address = "250 OK"
    send_again(oak.oak.admin, mail_id=mail_id)
    deliver(mail_id, NOW)
    assert (mail(mail_id).state, len(post.taken)) == ("sent", 1)


def test_without_a_server_it_gives_up_after_twelve_attempts_and_says_why(oak: World, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    mail_id = written(oak.oak.system)
    states = []
    for _ in range(12):
        deliver(mail_id, NOW)
        states.append(mail(mail_id).state)
    assert states == ["waiting"] * 11 + ["failed"]
    assert "could not be reached" in mail(mail_id).problem


@pytest.mark.parametrize(
    ("field", "what"),
    [
        ("to", {"to": "ann"}),
        ("to", {"to": "ann@example.com\nBcc: all@example.com"}),
        ("subject", {"subject": "Your bill\r\nBcc: all@example.com"}),
        ("subject", {"subject": "x" * 201}),
    ],
)
def test_an_address_or_subject_that_cannot_be_is_refused_at_its_field(
    oak: World, field: str, what: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        written(oak.oak.system, **what)
    assert refused.value.field == field
