"""python -m synclens, and the command itself."""

from __future__ import annotations

import sys


def main() -> None:
    """Runs the command line and exits; an interrupt while its modules are imported is no traceback either."""
    try:
        from .cli import main as run

        run()
    except KeyboardInterrupt:
        print("synclens: interrupted", file=sys.stderr)
        sys.exit(130)


if __name__ == "__main__":
    main()
