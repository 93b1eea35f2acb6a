"""Where the documents and knowledge pages stand that the catalogue is checked against.

They are no part of the repository: SYNCLENS_SHARED names their folder, else it is looked for as `shared` beside the
checkout. Without it these tests skip, except where CI=true: there they fail.
"""

import os
import pathlib

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
CATALOGUE = TOP / "python" / "synclens" / "catalogue"


def shared() -> pathlib.Path:
    folder = pathlib.Path(os.environ.get("SYNCLENS_SHARED") or TOP.parent / "shared")
    if not (folder / "knowledge").is_dir():
        message = "the shared folder with documents and knowledge pages is not here (SYNCLENS_SHARED)"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder


def table_rows(text: str) -> list[list[str]]:
    """Cells of the rows of Markdown tables; a bar inside back quotes belongs to its cell."""
    rows = []
    for line in text.splitlines():
        line = line.strip()
        if not line.startswith("|"):
            continue
        cells, inside, cell = [], False, ""
        for sign in line.strip("|"):
            if sign == "`":
                inside = not inside
            if sign == "|" and not inside:
                cells.append(cell.strip())
                cell = ""
            else:
                cell += sign
        cells.append(cell.strip())
        if not all(set(c) <= set("-: ") for c in cells):
            rows.append(cells)
    return rows


def section(text: str, start: str, end: str) -> str:
    """From the line that begins with `start` to the one that begins with `end`."""
    lines = text.splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith(start))
    last = next(i for i in range(first + 1, len(lines) + 1) if i == len(lines) or lines[i].startswith(end))
    return "\n".join(lines[first:last])
