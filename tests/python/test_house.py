"""Rules of the house: where things may stand, and what may never be committed."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP = {
    ".ci", ".clang-format", ".github", ".clang-tidy", ".gitignore", "CHANGELOG.md", "CMakeLists.txt", "LICENSE", "README.md", "SECURITY.md",
    "cpp", "notebooks", "pyproject.toml", "python", "samples", "tests",
}  # fmt: skip


def committed() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]


FILES = committed()


def below(*parts: str, suffixes: tuple[str, ...]) -> list[Path]:
    folders = [ROOT / part for part in parts]
    return [f for f in FILES if f.suffix in suffixes and any(f.is_relative_to(folder) for folder in folders)]


def test_nothing_else_at_the_top():
    assert {f.relative_to(ROOT).parts[0] for f in FILES} <= TOP


def test_no_python_in_the_core():
    for file in below("cpp/src", "cpp/include", "cpp/bench", suffixes=(".cpp", ".hpp")):
        assert not re.search(r"Python\.h|pybind11", file.read_text("utf-8")), file


def test_stages_include_only_what_comes_before_them():
    order = ["read", "decode", "record", "classify", "correlate"]
    for file in below("cpp/src", suffixes=(".cpp", ".hpp")):
        stage = file.parent.name
        if stage not in ("read", "record", "classify"):
            continue
        allowed = set(order[: order.index(stage) + 1]) - ({"decode"} if stage == "record" else set())
        used = set(re.findall(r'#include "(\w+)/', file.read_text("utf-8"))) & set(order)
        assert used <= allowed | {"record"}, file


def test_no_name_of_ours_is_reserved():
    """What begins with two underscores, or with one and a capital, is the compiler's. clang-tidy's check of it looks at
    every name of the standard library too, for a fifth of its time."""
    theirs = re.compile(
        r"__m\d+i|__(BYTE_ORDER|ORDER_(LITTLE|BIG)_ENDIAN)__|__(x86_64|aarch64|attribute|GNUC)__|__builtin_\w+|"
        r"_(WIN32|S_IF\w+|O_[A-Z]+)|__(len|version|arrow_c_stream|arrow_c_schema)__"
    )
    for file in below("cpp", suffixes=(".cpp", ".hpp")):
        code = re.sub(r'"[^"\n]*"|//.*', "", file.read_text("utf-8"))
        for name in re.findall(r"\b(?:_[A-Z]\w*|\w*__\w*)\b", code):
            assert theirs.fullmatch(name), f"{file}: {name}"


def test_files_are_small():
    for file in below("cpp", "python", "samples", "tests", suffixes=(".cpp", ".hpp", ".py")):
        lines = file.read_text("utf-8").count("\n")
        assert lines <= 450, f"{file}: {lines} lines"


def test_the_module_is_a_table_of_contents():
    assert (ROOT / "cpp/bindings/module.cpp").read_text("utf-8").count("\n") < 60


def test_sources_are_listed_explicitly():
    for file in below("cpp", suffixes=(".txt", ".cmake")):
        assert "file(GLOB" not in file.read_text("utf-8"), file


def named_types(file: Path) -> list[str]:
    """The types that a C++ file defines with a name that other files could define too: not in a nameless namespace."""
    found, spaces = [], list[str]()
    for line in file.read_text("utf-8").splitlines():
        if space := re.match(r"namespace(?: ([\w:]+))? \{$", line):
            spaces.append(space[1] or "")
        elif line.startswith("}  // namespace"):
            spaces.pop()
        elif (
            one := re.match(r"(?:class|struct|enum class) (\w+)(?: final)?(?: : [^;]*)? \{", line)
        ) and "" not in spaces:
            found.append("::".join([*spaces, one[1]]))
    return found


def test_no_two_types_have_one_name():
    """The linker would take the functions of one for both: a crash that no compiler sees."""
    places: dict[str, set[Path]] = {}
    for file in below("cpp/src", "cpp/include", "cpp/bindings", suffixes=(".cpp", ".hpp")):
        for name in named_types(file):
            places.setdefault(name, set()).add(file)
    assert "synclens::EventColumns" in places
    assert {name: files for name, files in places.items() if len(files) > 1} == {}


def test_every_source_is_built():
    for file in below("cpp/src", "cpp/bindings", suffixes=(".cpp",)):
        assert file.name in (file.parent / "CMakeLists.txt").read_text("utf-8"), file


def test_no_path_of_a_machine():
    pattern = re.compile(r"(?<![\w.])/(?:work|root|home/\w+|tmp/w)/")
    for file in FILES:
        if file == Path(__file__):
            continue
        text = file.read_bytes().decode("utf-8", "replace")
        assert not pattern.search(text), f"{file}: {pattern.search(text)}"


def test_the_version_stands_in_one_place():
    import synclens

    stated = re.search(r"project\(synclens VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text("utf-8"))
    assert stated is not None
    assert synclens.__version__ == stated[1]


def test_one_error_tree():
    import synclens

    for name in ("DamagedInput", "UnsupportedInput", "LimitExceeded", "CatalogueError"):
        assert issubclass(getattr(synclens, name), synclens.SynclensError)
    assert issubclass(synclens.DamagedInput, ValueError)
    assert not issubclass(synclens.UnsupportedInput, ValueError)
    assert synclens.SynclensError.__bases__ == (Exception,)
    assert synclens.SynclensError.__module__ == "synclens"


def test_every_public_name_exists_and_is_listed():
    import synclens

    for name in synclens.__all__:
        assert getattr(synclens, name) is not None
    assert set(synclens.__all__) <= set(dir(synclens))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = synclens.nothing


@pytest.mark.parametrize(
    ("code", "heavy"),
    [
        ("import synclens", {"synclens._core", "click", "rich", "zipfile", "tarfile", "json"}),
        ("import synclens.cli", {"rich", "zipfile", "tarfile", "pandas", "polars", "jinja2", "altair"}),
        ("import synclens; synclens.Case", {"rich", "click", "zipfile", "tarfile", "pandas", "polars", "pyarrow"}),
    ],
)
def test_modules_are_imported_when_they_are_used(code, heavy):
    show = f"import sys; before = set(sys.modules); {code}; print(*(set(sys.modules) - before))"
    loaded = subprocess.run([sys.executable, "-c", show], capture_output=True, text=True, check=True).stdout.split()
    assert not heavy & set(loaded)


def test_every_test_that_the_threat_model_names_exists():
    text = (ROOT / "SECURITY.md").read_text("utf-8")
    named = re.findall(r"`(test_\w+)\.py::(test_\w+)`", text)
    assert len(named) > 20
    for file, test in named:
        assert f"def {test}(" in (ROOT / f"tests/python/{file}.py").read_text("utf-8"), test
    cases = re.findall(r"`(\w+_test)\.cpp: ([^`]+)`", text)
    assert len(cases) > 5
    for file, case in cases:
        assert f'TEST_CASE("{case}")' in (ROOT / f"tests/cpp/{file}.cpp").read_text("utf-8"), case


def test_the_threat_model_states_the_limits_as_they_are():
    from synclens.bundle import FLAGS

    text = (ROOT / "SECURITY.md").read_text("utf-8")
    for flag in FLAGS.values():
        assert f"| `{flag}` |" in text


def test_nothing_talks_to_the_network():
    talkers = {"socket", "ssl", "ftplib", "smtplib", "http", "urllib.request", "requests", "httpx", "aiohttp", "xmlrpc"}
    for file in below("python", suffixes=(".py",)):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            bad = {n for n in names if n in talkers or n.split(".")[0] in talkers}
            assert not bad, f"{file}:{node.lineno}: {bad}"
    for file in below("cpp/src", "cpp/bindings", "cpp/include", suffixes=(".cpp", ".hpp")):
        assert not re.search(r"<(sys/socket|netinet/|winsock|curl/)", file.read_text("utf-8")), file
