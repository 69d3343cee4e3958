"""The worker: one process, or several under one, that look each second for what is due.

SIGTERM and SIGINT let it finish the part at work and go.  It outlives its database connections; it does
not outlive the process that started it.
"""

import logging
import os
import secrets
import signal
import socket
import threading
import time
from datetime import timedelta
from typing import Literal

from django.db import Error as DatabaseTrouble
from django.db import connection, connections

from core import clock
from core.startup import keep_what_is_loaded
from core.work.kinds import all_job_kinds
from core.work.presence import announce
from core.work.sweeper import anything_soon, sweep

log = logging.getLogger(__name__)

Until = Literal["stopped", "once", "idle"]
_ROUND = 1.0  # seconds
_TOLD = (signal.SIGTERM, signal.SIGINT)
# "Until idle" waits for what comes due in so long, such as a part left by a worker that was killed.
_SOON = timedelta(seconds=30)


class Worker:
    """One process's loop."""

    def __init__(self, until: Until = "stopped") -> None:
        self._until = until
        self._stop = threading.Event()
        self._parent = os.getppid()
        self.name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"

    def run(self) -> int:
        """Work until told to stop, or until the given end; returns how many things were done."""
        announce()
        all_job_kinds()
        keep_what_is_loaded()
        for told in _TOLD:
            signal.signal(told, lambda *_: self._stop.set())
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _TOLD)
        done = 0
        while not self.stopping():
            now_done = self._round()
            done += max(0, now_done)
            if self._until == "once" or (now_done == 0 and self._until == "idle" and self._idle()):
                break
            if now_done <= 0:
                self._stop.wait(_ROUND)
        connections.close_all()
        return done

    def stopping(self) -> bool:
        """Whether to leave at the next edge: told so, or whoever started this process is gone."""
        return self._stop.is_set() or os.getppid() != self._parent

    def _round(self) -> int:
        """How many things were done; −1 when the database could not be reached."""
        try:
            return sweep(self.name, stop=self.stopping)
        except DatabaseTrouble as problem:
            log.warning("The database cannot be reached; trying again. %s", problem)
            connection.close()
            return -1

    def _idle(self) -> bool:
        try:
            return not anything_soon(clock.now(), _SOON)
        except DatabaseTrouble:
            connection.close()
            return False


class Crew:
    """Several workers under one process; one that dies is replaced."""

    def __init__(self, size: int, until: Until = "stopped") -> None:
        self._size, self._until = size, until
        self._members: set[int] = set()
        self._stopping = False

    def run(self) -> int:
        """Work until told to stop, or until every worker has come to its end; 0 when all went well."""
        connections.close_all()
        all_job_kinds()  # read once, for all of them
        for told in _TOLD:
            signal.signal(told, self._pass_on)
        for _ in range(self._size):
            self._hire()
        while self._members:
            pid, status = os.wait()
            self._members.discard(pid)
            if status and not self._stopping:
                log.warning("Worker %s ended unexpectedly (%s); another takes its place.", pid, status)
                time.sleep(_ROUND)
                if not self._stopping:
                    self._hire()
        return 0

    def _hire(self) -> None:
        # What the crew is told between the fork and its next line must reach the new worker too, as a
        # worker: so it waits until both know who they are.
        signal.pthread_sigmask(signal.SIG_BLOCK, _TOLD)
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                Worker(self._until).run()
                code = 0
            finally:
                os._exit(code)
        self._members.add(pid)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _TOLD)

    def _pass_on(self, *_: object) -> None:
        self._stopping = True
        for pid in list(self._members):
            try:
                os.kill(pid, signal.SIGTERM)
            except ProcessLookupError:  # gone by itself just now
                pass
