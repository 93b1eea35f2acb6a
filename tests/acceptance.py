"""Runs the shared acceptance examples with the installed command, and lists what is left out.

python tests/acceptance.py SHARED SYNCLENS
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

# Names of examples whose subject is not built yet. Nothing else may stand here.
LEFT_OUT: set[str] = set()


def main() -> int:
    shared, command = Path(sys.argv[1]), sys.argv[2]
    folder = shared / "acceptance"
    sys.path.insert(0, str(folder))
    sys.dont_write_bytecode = True
    from examples import EXAMPLES

    names = [name for name, *_ in EXAMPLES]
    if strangers := LEFT_OUT - set(names):
        print(f"left out, but there are no such examples: {', '.join(sorted(strangers))}")
        return 1
    for name in sorted(LEFT_OUT):
        print(f"left out: {name}")
    chosen = [name for name in names if name not in LEFT_OUT]
    return subprocess.run([sys.executable, "-B", str(folder / "verify.py"), command, *chosen], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
