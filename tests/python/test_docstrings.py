"""The examples of the docstrings run, in a folder that holds a sample bundle as MECLOG.zip."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import make
import synclens

MODULES = sorted(
    m.name for m in pkgutil.walk_packages(synclens.__path__, "synclens.") if not m.name.endswith("__main__")
)
PUBLIC = [name for name in synclens.__all__ if not name.startswith("__")]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory):
    folder = tmp_path_factory.mktemp("examples")
    (folder / "many").mkdir()
    content = make.SAMPLES["emea-permission"]()["MECLOG.zip"]
    (folder / "MECLOG.zip").write_bytes(content)
    (folder / "many" / "one.zip").write_bytes(content)
    (folder / "many" / "two.zip").write_bytes(make.SAMPLES["healthy"]()["MECLOG.zip"])
    return folder


def examples(module) -> list[doctest.DocTest]:
    return [t for t in doctest.DocTestFinder(exclude_empty=True).find(module) if t.examples]


@pytest.mark.parametrize("name", ["synclens", *MODULES])
def test_examples_run(name, bundle, monkeypatch):
    module = importlib.import_module(name)
    found = [t for t in examples(module) if t.filename and not t.filename.endswith((".so", ".pyd"))]
    monkeypatch.chdir(bundle)
    for test in found:
        for example in test.examples:
            assert doctest.SKIP not in example.options, f"{test.name}: an example that does not run"
        test.globs = {"synclens": synclens, "case": synclens.open("MECLOG.zip")}
        said: list[str] = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        runner.run(test, out=said.append)
        assert runner.summarize(verbose=False).failed == 0, "".join(said)


def test_what_is_used_most_has_an_example():
    for thing in (
        synclens,
        synclens.open,
        synclens.scan,
        synclens.explain,
        synclens.Case,
        synclens.Case.timeline,
        synclens.Case.user,
        synclens.Case.report,
        synclens.Events,
        synclens.Events.filter,
        synclens.Table,
    ):
        assert ">>> " in (thing.__doc__ or ""), thing


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_thing_says_what_it_is(name):
    thing = getattr(synclens, name)
    assert thing.__doc__, name
    if isinstance(thing, type) and not issubclass(thing, Exception):
        for attribute, value in vars(thing).items():
            if not attribute.startswith("_") and (callable(value) or isinstance(value, property)):
                assert getattr(value, "__doc__", None), f"{name}.{attribute}"
