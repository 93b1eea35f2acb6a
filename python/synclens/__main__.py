"""python -m synclens, and the command itself."""

from __future__ import annotations

import gc
import sys

DIAGNOSING = {"analyze", "user"}
"""The verbs that need the catalogue whatever they are given."""


def main() -> None:
    """Runs the command line and exits; an interrupt while its modules are imported is no traceback either."""
    # Importing makes many objects and no rubbish, and at the end the process takes its memory with it: looking for
    # cycles at both ends is a fifth of the time that a person waits for a small log.
    gc.set_threshold(100_000)
    try:
        if DIAGNOSING.intersection(sys.argv[1:2]):
            from .catalogue import load_ahead

            load_ahead()
        from .cli import main as run

        run()
    except KeyboardInterrupt:
        print("synclens: interrupted", file=sys.stderr)
        sys.exit(130)
    finally:
        gc.freeze()


if __name__ == "__main__":
    main()
