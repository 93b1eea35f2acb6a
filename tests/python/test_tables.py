"""Findings, users, checks, coverage, inputs and marks as tables: records for Python, columns for data tools."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import hostile
import logs
import make
import synclens
import user_script
from synclens import _core
from synclens.case import Case, Options
from synclens.report import notebook
from synclens.table import as_plain, microseconds

pyarrow = pytest.importorskip("pyarrow")
NAMES = ["findings", "checks", "users", "inputs", "unclassified", "marks"]
COVERAGE = ["logs", "gaps", "not_evaluated"]


@pytest.fixture(scope="module")
def bundle():
    return make.SAMPLES["user-problems"]()["MECLOG.zip"]


@pytest.fixture(scope="module")
def case(bundle):
    return synclens.open(bundle)


@pytest.fixture(scope="module")
def tables(case):
    nothing = synclens.open(logs.healthy())
    found = {name: getattr(case, name) for name in NAMES} | {n: getattr(case.coverage, n) for n in COVERAGE}
    return found | {f"{name} (none)": type(table)() for name, table in found.items()} | {"few": nothing.findings}


def test_every_table_is_valid_arrow_and_read_again(tables):
    for name, table in tables.items():
        first = pyarrow.table(table)
        first.validate(full=True)
        assert first.num_rows == len(table), name
        assert pyarrow.table(table).equals(first)
        assert pyarrow.schema(table).equals(first.schema)
        assert first.schema.names == [c.name for c in table.columns]


def test_every_table_goes_everywhere(tables, tmp_path):
    duckdb = pytest.importorskip("duckdb")
    polars = pytest.importorskip("polars")
    for name, table in tables.items():
        assert polars.DataFrame(table).height == len(table), name
        assert table.to_polars().columns == [c.name for c in table.columns]
        rows = table
        assert duckdb.sql("select count(*) from rows").fetchall() == [(len(rows),)]
        assert duckdb.sql("select count(*) from rows a, rows b").fetchall() == [(len(rows) ** 2,)]
        assert table.to_duckdb().aggregate("count(*)").fetchall() == [(len(rows),)]
        frame = table.to_pandas()
        assert frame.shape == (len(table), len(table.columns))
        table.to_parquet(tmp_path / f"{name}.parquet")
        assert polars.read_parquet(tmp_path / f"{name}.parquet").height == len(table)
    with pytest.raises(FileExistsError):
        tables["users"].to_parquet(tmp_path / "users.parquet")


def test_events_go_there_too(case, tmp_path):
    events = case.events.filter(ids=[657])
    events.to_parquet(tmp_path / "events.parquet")
    assert pyarrow.table(events).num_rows == len(events) > 0
    assert events.to_duckdb().aggregate("count(*)").fetchall() == [(len(events),)]


def test_the_tools_agree_on_the_values(case):
    arrow = pyarrow.table(case.findings).to_pylist()
    polars = case.findings.to_polars().to_dicts()
    pandas = case.findings.to_pandas()
    assert arrow == polars
    for row, finding in zip(arrow, case.findings, strict=True):
        assert row["scope_name"] == finding.scope.name
        assert row["count"] == finding.count
        assert [step["command"] for step in row["fix"]] == [step.command for step in finding.fix]
        assert {f["name"]: tuple(f["values"]) for f in row["fields"]} == finding.fields
        assert row["evidence"][0]["record_id"] == finding.evidence[0].record_id
    assert pandas["count"].tolist() == [row["count"] for row in arrow]
    assert str(pandas["first_seen"].dtype) == "datetime64[us, UTC]"
    for name in ("first_seen", "recovered_at"):
        moments = [None if m is pandas_nat() or m != m else m.to_pydatetime() for m in pandas[name]]
        assert moments == [row[name] for row in arrow]
    assert pandas["fix"].tolist() == [row["fix"] for row in arrow]
    users = case.users.to_pandas()
    assert users["dn"].tolist() == [u.dn for u in case.users]


def pandas_nat():
    import pandas

    return pandas.NaT


def test_a_table_is_a_sequence(case):
    users = case.users
    assert len(users) == len(list(users)) > 3
    assert users[0] == users[-len(users)] == next(iter(users))
    assert isinstance(users[1:3], type(users)) and len(users[1:3]) == 2
    assert users[1:3][0] == users[1] and users[1] in users
    assert len(users.where(status="Success")) + len([u for u in users if u.status != "Success"]) == len(users)
    assert users == case.users and users == tuple(users) and users != users[1:]
    assert hash(users) == hash(case.users)
    with pytest.raises(IndexError, match=f"there are {len(users)} users"):
        users[len(users)]
    with pytest.raises(AttributeError):
        users.where(colour="blue")
    assert repr(users).startswith(f"<Users: {len(users)}>")
    assert not type(users)()


def test_hostile_text_goes_through_whole():
    made = _core.SmallTable([("a", "text", ["\x00\u202e<b>", "", None, "\ud800", "x" * 70_000])])
    assert pyarrow.table(made)["a"].to_pylist() == ["\x00\u202e<b>", "", None, "?", "x" * 70_000]


KINDS = st.recursive(
    st.sampled_from(["text", "integer", "natural", "truth", "time"]),
    lambda inner: st.one_of(
        inner.map(lambda k: ("list", k)),
        st.lists(inner, min_size=1, max_size=3).map(
            lambda kinds: ("record", tuple((f"p{n}", k) for n, k in enumerate(kinds)))
        ),
    ),
    max_leaves=4,
)


def values_of(kind):
    plain = {
        "text": st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
        "integer": st.integers(-(2**63), 2**63 - 1),
        "natural": st.integers(0, 2**64 - 1),
        "truth": st.booleans(),
        "time": st.integers(-(10**15), 10**15),
    }
    if isinstance(kind, str):
        made = plain[kind]
    elif kind[0] == "list":
        made = st.lists(values_of(kind[1]), max_size=3)
    else:
        made = st.tuples(*(values_of(sort) for _, sort in kind[1]))
    return st.none() | made


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_kind_and_value_comes_out_as_it_went_in(data):
    kind = data.draw(KINDS)
    values = data.draw(st.lists(values_of(kind), max_size=20))
    made = pyarrow.table(_core.SmallTable([("n", "integer", range(len(values))), ("v", kind, values)]))
    made.validate(full=True)
    assert bare(made["v"]) == [as_plain(value, kind) for value in values]


def bare(column):
    """Times as the numbers that they are."""

    def untimed(type_):
        if pyarrow.types.is_timestamp(type_):
            return pyarrow.int64()
        if pyarrow.types.is_list(type_):
            return pyarrow.list_(untimed(type_.value_type))
        if pyarrow.types.is_struct(type_):
            return pyarrow.struct([(f.name, untimed(f.type)) for f in type_])
        return type_

    return column.cast(untimed(column.type)).to_pylist()


@pytest.mark.parametrize(
    ("columns", "error"),
    [
        ([("a", "colour", [])], ValueError),
        ([("a", "text", []), ("b", "text", ["x"])], ValueError),
        ([("a", "text", [1])], TypeError),
        ([("a", "natural", [-1])], (RuntimeError, TypeError, OverflowError)),
        ([("a", ("record", (("x", "text"),)), [("1", "2")])], ValueError),
        ([("a", ("list",), [])], ValueError),
        ([("a", "list", [])], ValueError),
        ([("a", "text")], ValueError),
    ],
)
def test_wrong_columns_are_an_error(columns, error):
    with pytest.raises(error):
        _core.SmallTable(columns)


def test_deep_kinds_are_refused():
    kind = "text"
    for _ in range(20):
        kind = ("list", kind)
    with pytest.raises(ValueError, match="too deeply"):
        _core.SmallTable([("a", kind, [])])


def test_buffers_outlive_the_table():
    arrow = pyarrow.table(synclens.open(logs.denied()).findings)
    gc.collect()
    assert arrow["cause"].to_pylist() == ["replication-permission-missing"]


def test_times_that_no_table_can_hold_are_null():
    assert microseconds("2026-03-10T00:05:00.1234567Z") == 1773101100123456
    assert microseconds(None) is None
    assert microseconds("soon") is None


@pytest.mark.parametrize(
    ("package", "call", "extra"),
    [
        ("pandas", "case.findings.to_pandas()", "pandas"),
        ("pandas", "case.events.to_pandas()", "pandas"),
        ("polars", "case.users.to_polars()", "polars"),
        ("duckdb", "case.events.to_duckdb()", "duckdb"),
        ("altair", "case.timeline()", "report"),
    ],
)
def test_a_missing_extra_is_one_sentence(package, call, extra, tmp_path):
    (tmp_path / "log.xml").write_bytes(logs.denied())
    script = (
        f"import sys; sys.modules[{package!r}] = None; import synclens; case = synclens.open({str(tmp_path / 'log.xml')!r})\n"
        f"try: {call}\nexcept ImportError as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"this needs {package}: pip install 'synclens[{extra}]'"


def test_a_users_script_runs(tmp_path, capsys):
    (tmp_path / "log.xml").write_bytes(logs.denied())
    assert user_script.main(str(tmp_path / "log.xml")) == 0
    assert "Set-ADSync" in capsys.readouterr().out
    (tmp_path / "junk").write_bytes(b"junk")
    assert user_script.main(str(tmp_path / "junk")) == 3


def test_the_package_is_typed():
    from importlib.resources import files

    assert (files("synclens") / "py.typed").is_file()


def test_completion_offers_what_can_be_used(case):
    for thing in (case, case.findings, case.findings[0], case.users[0], case.coverage, case.events, case.report()):
        for name in dir(thing):
            if not name.startswith("_"):
                getattr(thing, name)  # none raises
    assert not [name for name in dir(case) if name.startswith("_") and not name.startswith("__")]


@pytest.mark.parametrize("attack", hostile.ATTACKS)
def test_hostile_text_has_no_effect_in_a_notebook(attack):
    found = Case([], Options(), hostile.poisoned(attack), [])
    tables = [getattr(found, name) for name in NAMES] + [getattr(found.coverage, name) for name in COVERAGE]
    records = [found, found.verdict, found.coverage, *found.findings, *found.users, *found.checks]
    for view in (*records, *tables):
        page = Tags()
        page.feed(view._repr_html_())
        page.close()
        assert page.tags <= {
            "div", "span", "b", "i", "p", "br", "table", "thead", "tbody", "tr", "th", "td", "ol", "ul", "li", "pre", "code",
            "details", "summary", "a",
        }  # fmt: skip
        assert page.attributes <= {"style", "class", "border", "scope", "title", "href", "rel", "target"}
        assert all(link.startswith(("https://", "http://")) for link in page.links)
        assert not any(character in page.words for character in ("\u202e", "\x1b", "\x00"))
        assert not any(character in repr(view) for character in ("\u202e", "\x1b")) or view in records[1:]


class Tags(HTMLParser):
    """What a browser would take for markup."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.links, self.words = set(), set(), [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name == "href"]

    def handle_data(self, data):
        self.words += data


def test_what_a_notebook_shows_is_small_and_says_it(case):
    html = case._repr_html_()
    assert case.verdict.status in html and "checks</summary>" in html
    assert len(html) < 40_000
    assert "the first 20 shown" in case.events._repr_html_()
    assert "Set-ADSync" in "".join(f._repr_html_() for f in case.findings) or case.findings
    assert case.users[0]._repr_html_().count("<li>") == len(case.users[0].history)


def test_colours_read_on_light_and_dark():
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for colour in notebook.BADGES.values():
        assert 1.05 / (light(colour) + 0.05) >= 4.5, colour  # white on the badge, whatever is around it


def test_the_charts_of_a_notebook(case):
    drawn = case.timeline().to_dict()
    assert drawn["params"] or any(layer.get("params") for layer in drawn["layer"])
    assert drawn["background"] == "white"
    assert len(json.dumps(drawn)) < 300_000
    shown = case.timeline()._repr_mimebundle_()
    assert "text/html" not in shown  # altair's own would fetch scripts
    assert shown["image/svg+xml"].startswith("<svg")
    assert any(kind.startswith("application/vnd.vegalite") for kind in shown)
    chart = case.users[0].timeline().to_dict()
    assert len(chart["data"]["values"]) == len(case.users[0].history)
    with pytest.raises(ValueError, match="no timeline"):
        synclens.UserState(None, "x", "Pending", None, None, None).timeline()
