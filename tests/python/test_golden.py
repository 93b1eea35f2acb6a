"""The reports of the samples against those that are written down in tests/golden."""

from __future__ import annotations

import importlib.util
import io
import sys
from pathlib import Path

import pytest

from synclens.report import text

FOLDER = Path(__file__).resolve().parents[1] / "golden"
AGAIN = "when the change is meant: .venv/bin/python tests/golden/make.py, then read the difference"


def _maker():
    spec = importlib.util.spec_from_file_location("golden_make", FOLDER / "make.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["golden_make"] = module
    spec.loader.exec_module(module)
    return module


golden = _maker()


@pytest.mark.parametrize("name", golden.samples.SAMPLES)
def test_a_sample_gives_what_is_written_down(name):
    for file, content in golden.outputs(name):
        kept = FOLDER / file
        assert kept.is_file(), f"{file} is missing; {AGAIN}"
        assert content == kept.read_bytes().decode(), f"{file} differs; {AGAIN}"


def test_nothing_else_is_kept():
    names = {file.name.split(".")[0] for file in FOLDER.iterdir() if file.is_file() and file.suffix != ".py"}
    assert names == set(golden.samples.SAMPLES)


def test_the_readme_shows_what_is_printed():
    readme = (FOLDER.parents[1] / "README.md").read_text("utf-8")
    shown = readme.split("$ synclens analyze MECLOG.zip\n", 1)[1].split("```", 1)[0].splitlines()
    out = io.StringIO()
    text.render(golden.diagnosis("emea-permission"), out, width=80)
    printed = " ".join(out.getvalue().split())
    for line in shown:
        assert " ".join(line.removesuffix("...").split()) in printed, line
