"""The one decorator on a write.

The outermost ``@operation`` opens the transaction; nested ones join it.  It checks scope and right,
makes a repeated request harmless, and at the end writes events and audit, the audit head's lock last.
"""

import functools
import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.utils import OperationalError

from core import clock
from core.actors import Actor
from core.audit import write_entries
from core.errors import Conflict, KeyReused, NotAllowed
from core.models import Answer, OutboxEvent
from core.tenancy import NoScope, scoped_utility_id

P = ParamSpec("P")
R = TypeVar("R")

WAIT_FOR_TWIN = "5s"
LOCK_NOT_AVAILABLE = "55P03"


@dataclass(slots=True)
class Under:
    """The outermost operation under way."""

    id: uuid.UUID
    by: Actor
    at: datetime
    audit: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    events: list[tuple[str, dict[str, Any]]] = field(default_factory=list)


_under: ContextVar[Under | None] = ContextVar("curbstop_operation", default=None)


def under_way() -> Under:
    """The operation at work; raises ``RuntimeError`` outside of one."""
    found = _under.get()
    if found is None:
        raise RuntimeError("This write is not inside an operation.")
    return found


def note(**what: Any) -> None:
    """Add facts to the audit row of the operation at work, such as counts or a reason."""
    under_way().audit[-1][1].update(_plain(what))


def emit(event: str, **payload: Any) -> None:
    """Tell an event, written in the same transaction; ids only."""
    under_way().events.append((event, _plain(payload)))


def operation(
    name: str, *, permission: str, quiet: frozenset[str] = frozenset()
) -> Callable[[Callable[Concatenate[Actor, P], R]], Callable[Concatenate[Actor, P], R]]:
    """Make a function a write operation.

    The function takes the actor first and everything else by keyword.  A keyword ``key`` (an
    idempotency key, optional) is taken by the decorator: the same caller, operation and key give the
    same result once more without a second effect; the result must then be ids (JSON).  ``quiet``
    names arguments that never reach the audit.

    Raises ``NotAllowed`` without the right, ``KeyReused`` for a key with another content, ``Conflict``
    when its twin is still at work after five seconds.
    """

    def decorate(do: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
        @functools.wraps(do)
        def run(by: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
            _check(by, permission)
            key = cast("str | None", kwargs.pop("key", None))
            if args:
                # Neither the audit nor the key's request hash would see them.
                raise TypeError(f"{name} takes everything but the actor by keyword.")
            what = _plain({k: v for k, v in kwargs.items() if k not in quiet})
            if _under.get() is not None:
                return _joined(name, what, lambda: do(by, *args, **kwargs))
            request_hash = _digest(kwargs) if key else ""
            return _outermost(name, by, what, key, request_hash, lambda: do(by, *args, **kwargs))

        run.permission = permission  # type: ignore[attr-defined]  # read by the permission table test
        run.operation_name = name  # type: ignore[attr-defined]  # read by the permission table test
        return cast("Callable[Concatenate[Actor, P], R]", run)

    return decorate


def _check(by: Actor, permission: str) -> None:
    if scoped_utility_id() != by.utility_id:
        raise NoScope(f"{by.name} acts for utility {by.utility_id}, the scope is {scoped_utility_id()}.")
    if not by.may(permission):
        raise NotAllowed(
            f"{by.name} does not have the right “{permission}”.",
            "Ask an administrator for a role that has it.",
        )


def _joined(name: str, what: dict[str, Any], call: Callable[[], R]) -> R:
    under = under_way()
    under.audit.append((name, what))
    return call()


@contextmanager
def act_as(by: Actor, name: str, what: dict[str, Any] | None = None) -> Iterator[Under]:
    """One operation without a function: a chunk of a job, an event's consumer, an occurrence of a schedule.

    Opens the transaction, and at the block's end writes events and one audit row ``name``.  The caller
    has looked at the right.  Raises ``NoScope`` outside the actor's utility, ``RuntimeError`` inside
    another operation.
    """
    if scoped_utility_id() != by.utility_id:
        raise NoScope(f"{by.name} acts for utility {by.utility_id}, the scope is {scoped_utility_id()}.")
    if _under.get() is not None:
        raise RuntimeError(f"“{name}” cannot begin inside another operation.")
    under = Under(uuid.uuid4(), by, clock.now())
    token = _under.set(under)
    try:
        with transaction.atomic():
            _set("app.operation_id", str(under.id))
            under.audit.append((name, _plain(what or {})))
            yield under
            _write_events(under)
            if under.audit:
                write_entries(under.by, under.id, under.at, under.audit)
    finally:
        _under.reset(token)


def _outermost(
    name: str, by: Actor, what: dict[str, Any], key: str | None, request_hash: str, call: Callable[[], R]
) -> R:
    with act_as(by, name, what) as under:
        answer: Answer | None = None
        if key:
            answer, earlier = _claim_key(name, by, key, request_hash, under.at)
            if answer is None:
                under.audit.clear()  # done before: there is nothing to tell
                return cast(R, earlier)
        result = call()
        if answer is not None:
            answer.result = {"value": result}
            answer.save(update_fields=["result"])
        return result


def _claim_key(name: str, by: Actor, key: str, request_hash: str, at: datetime) -> tuple[Answer | None, Any]:
    """The row that makes this request the first one, or the earlier result."""
    mine = Answer(caller=by.ref, operation=name, key=key, request_hash=request_hash, at=at)
    _set("lock_timeout", WAIT_FOR_TWIN)
    try:
        with transaction.atomic():
            mine.save(force_insert=True)
        return mine, None
    except IntegrityError:
        pass
    except OperationalError as problem:
        if getattr(problem.__cause__, "pgcode", "") != LOCK_NOT_AVAILABLE:
            raise
        raise Conflict(
            "The same request is still at work.", "Wait a moment and send it again with the same key."
        ) from problem
    finally:
        _unset_lock_timeout()
    first = Answer.objects.get(caller=by.ref, operation=name, key=key)
    if first.request_hash != request_hash:
        raise KeyReused(
            f"The idempotency key “{key}” was used before with another content.",
            "Nothing was done. Use a new key for a new request.",
        )
    return None, (first.result or {})["value"]


def _unset_lock_timeout() -> None:
    try:
        _set("lock_timeout", "0")
    except DatabaseError:  # the transaction is aborted already and ends with its own error
        pass


def _write_events(under: Under) -> None:
    from core.work.outbox import store_events

    if under.events:
        store_events(
            [OutboxEvent(name=n, payload=p, operation_id=under.id, at=under.at) for n, p in under.events]
        )


def _set(setting: str, value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [setting, value])


def _plain(value: Any) -> Any:
    """JSON for audit and hashes: money and dates as text, everything else by its name."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_plain(v) for v in value), key=str)  # their order differs from process to process
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, bytes):
        return f"sha256:{hashlib.sha256(value).hexdigest()}"
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, date | datetime | uuid.UUID):
        return str(value)
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is not None:
        return {name: _plain(getattr(value, name)) for name in fields}
    return str(value)


def _digest(value: Any) -> str:
    text = json.dumps(_plain(value), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
