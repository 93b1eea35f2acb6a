"""Work beside the main thread, of which nothing but time depends."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable


def meanwhile(work: Callable[[], object]) -> None:
    """Does something on a thread of its own.

    What fails there, or finds no room for a thread, is left undone and untold: whoever needs it does it, and says what
    is wrong.
    """

    def quietly() -> None:
        with contextlib.suppress(Exception):
            work()

    with contextlib.suppress(RuntimeError, MemoryError):
        threading.Thread(target=quietly).start()  # no daemon: Python does not end in the middle of an import
