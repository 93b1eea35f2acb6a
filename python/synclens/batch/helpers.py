"""Helper processes as their users see them: a task goes in, an answer comes out, or the helper is stopped."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from typing import Any

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from synclens.batch.helper import main; main()"


class Died(Exception):
    """The helper ended in the middle of a task."""


class Stopped(Exception):
    """The pool was stopped: nobody waits for this answer any more."""


class Late(Exception):
    """The task took longer than it may."""


class Helper:
    """One process. Used by one thread at a time."""

    def __init__(self) -> None:
        path = json.dumps([place for place in sys.path if place])
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START, path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
        )
        self._rest = b""

    def ask(self, task: dict[str, Any], timeout: float) -> dict[str, Any]:
        """The answer to a task. Raises Died or Late; the helper is of no further use then."""
        deadline = time.monotonic() + timeout
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(task).encode() + b"\n")
            answer: dict[str, Any] = json.loads(self._line(deadline))
        except OSError:
            raise Died(self._last_words()) from None
        return answer

    def kill(self) -> None:
        """Ends the process, whatever it does; a thread that waits for its answer gets Died."""
        self._process.kill()

    def stop(self) -> None:
        """The same, and puts everything of it away."""
        self._process.kill()
        self._process.wait()
        self.forget()

    def forget(self) -> None:
        """Closes this side's ends of the pipes."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()

    def _line(self, deadline: float) -> bytes:
        assert self._process.stdout is not None
        parts = [self._rest]
        ready = select.poll()
        ready.register(self._process.stdout, select.POLLIN | select.POLLHUP)
        while b"\n" not in parts[-1]:
            wait = deadline - time.monotonic()
            if wait <= 0 or not ready.poll(min(wait, 3600.0) * 1000):
                if time.monotonic() < deadline:
                    continue
                raise Late
            part = os.read(self._process.stdout.fileno(), 1 << 20)
            if not part:
                raise Died(self._last_words())
            parts.append(part)
        line, _, self._rest = b"".join(parts).partition(b"\n")
        return line

    def _last_words(self) -> str:
        code = self._process.wait()
        if code == -signal.SIGKILL:
            return "its process was killed (SIGKILL), most likely for want of memory"
        if code < 0:
            with contextlib.suppress(ValueError):
                return f"its process crashed ({signal.Signals(-code).name})"
        return f"its process ended with exit code {code}"


class Pool:
    """Helpers that wait for work: at most as many as threads ask at once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[Helper] = []
        self._busy: set[Helper] = set()
        self._stopped = False

    def ask(self, task: dict[str, Any], timeout: float) -> dict[str, Any]:
        """Has a helper do a task. Raises Died or Late, after which the next task gets another helper, and Stopped."""
        helper = self._take()
        try:
            answer = helper.ask(task, timeout)
        except BaseException:
            with self._lock:
                self._busy.discard(helper)
                stopped = self._stopped
            helper.stop()
            if stopped:
                raise Stopped from None
            raise
        with self._lock:
            self._busy.discard(helper)
            if not self._stopped:
                self._idle.append(helper)
                return answer
        helper.stop()
        return answer

    def _take(self) -> Helper:
        with self._lock:
            if self._stopped:
                raise Stopped
            helper = self._idle.pop() if self._idle else None
            if helper is None:
                helper = Helper()
            self._busy.add(helper)
            return helper

    def stop(self) -> None:
        """Ends all helpers for good; who waits for one gets Stopped."""
        with self._lock:
            self._stopped = True
            idle, self._idle = self._idle, []
            for helper in self._busy:
                helper.kill()
        for helper in idle:
            helper.stop()

    def forget(self) -> None:
        """In a forked child: these helpers are the parent's."""
        self._lock = threading.Lock()
        for helper in (*self._idle, *self._busy):
            helper.forget()
        self._idle, self._busy = [], set()


POOL = Pool()
"""What tasks use that run in a process of somebody else's executor: its helpers stay until that process ends."""
os.register_at_fork(after_in_child=POOL.forget)
atexit.register(POOL.stop)
