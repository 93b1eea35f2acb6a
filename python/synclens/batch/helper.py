"""The process in which one bundle at a time is analyzed: what is poisoned ends it, and nothing else.

It reads tasks from stdin and writes answers to stdout, one JSON object a line. It ends when stdin does, even in the
middle of a task: no helper outlives the program that started it.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
import threading
from pathlib import Path
from typing import Any


def main() -> None:
    """Serves until stdin ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # whatever prints does not get between the answers
    _go_first()
    tasks: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(tasks,), daemon=True).start()
    while True:
        answers.write(json.dumps(answer(json.loads(tasks.get()))).encode() + b"\n")
        answers.flush()


def answer(task: dict[str, Any]) -> dict[str, Any]:
    """The diagnosis of a task's bundle with what was left unread, and its page where asked for; or `error`."""
    from synclens import _core

    try:
        return _diagnosis(task["path"], options_of(task["options"]), task["page"])
    except (_core.SynclensError, OSError) as error:
        return {"error": str(error)}
    except MemoryError:
        return {"error": "not enough memory"}
    except Exception as error:  # a fault of ours: the others still get their answer
        return {"error": f"{type(error).__name__}: {error}"}


def _diagnosis(path: str, options: Any, page: bool) -> dict[str, Any]:
    from synclens.bundle.names import shown_name
    from synclens.case import analyze, narrowed, nothing_readable, was_read

    case = analyze([path], options)
    raw = narrowed(case.to_dict(), options.user) if options.user else case.to_dict()
    left = [[item.name, item.kind, item.reason, item.is_problem, item.given] for item in case.left]
    answer: dict[str, Any] = {"raw": raw, "left": left, "unreadable": None, "partial": case.is_partial, "page": None}
    if not was_read(case):
        answer["unreadable"] = nothing_readable(case).removeprefix(f"{shown_name(path)}: ")
    if page:
        from synclens.report import html

        answer["page"] = html.render(raw)
    return answer


def options_of(stated: dict[str, Any]) -> Any:
    """Reading options out of what `dataclasses.asdict` made of them."""
    from synclens.bundle import Limits
    from synclens.case import Options

    return Options(**{**stated, "rules": tuple(stated["rules"]), "limits": Limits(**stated["limits"])})


def _listen(tasks: queue.SimpleQueue[bytes]) -> None:
    for line in sys.stdin.buffer:
        tasks.put(line)
    os._exit(0)


def _go_first() -> None:
    """Interrupts are the parent's to handle; short memory ends this process before it ends the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
