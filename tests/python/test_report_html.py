"""The HTML report: one file, strict, whole, and without effect whatever the input holds."""

from __future__ import annotations

import base64
import hashlib
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from itertools import pairwise

import pytest

import hostile
import logs
import synclens
from synclens.report import chart, html, timeline

VOID = {"meta", "link", "br", "img", "input", "hr"}
ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "a", "header", "nav", "main", "section", "footer", "article", "p",
    "span", "strong", "h1", "h2", "h3", "h4", "ul", "ol", "li", "dl", "dt", "dd", "time", "div", "pre", "table",
    "thead", "tbody", "tr", "th", "td", "caption", "details", "summary", "label", "input", "output", "br", "script",
    "code", "svg", "g", "path", "rect", "line", "text", "tspan", "button",
}  # fmt: skip


class Page(HTMLParser):
    """Elements, attributes and texts of a page; fails for an element that is closed wrongly."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.raw: dict[str, list[str]] = {"style": [], "script": []}
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open and self.open[-1] in self.raw:
            self.raw[self.open[-1]].append(data)
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        return "".join(self.texts)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def raw():
    return hostile.diagnosis()


@pytest.fixture(scope="module")
def page(raw):
    return html.render(raw)


def test_the_verdict_comes_first_and_the_first_command_with_it(raw, page):
    parsed = Page(page)
    head = page[page.index("<header") : page.index("</header>") + 9]
    text = Page(head).text
    finding, step = next((f, s) for f in raw["findings"] for s in f["fix"] if s["command"])
    assert raw["verdict"]["summary"] in text
    assert "at least since 2026-03-10 00:05:00 UTC" in text
    later = {**raw, "verdict": {**raw["verdict"], "since": "2026-03-10T01:02:03.0000000Z"}}
    assert "Since2026-03-10 01:02:03 UTC" in re.sub(r"\n", "", Page(html.render(later)).text)
    assert "domain contoso.com" in text
    assert step["command"].split("\n")[0] in text
    assert finding["title"] in parsed.text
    assert page.index("<h1>") < page.index('id="do"') < page.index('id="checks"') < page.index('id="timeline"')


def test_everything_that_the_diagnosis_says_is_there(raw, page):
    text = re.sub(r"\s+", " ", Page(page).text)
    for check in raw["checks"]:
        assert check["title"] in text
    for finding in raw["findings"]:
        for words in (finding["title"], finding["why"], finding["cause"], finding["references"][0]["title"]):
            assert re.sub(r"\s+", " ", words) in text
        assert finding["evidence"][0]["excerpt"][:60] in text
    for missing in raw["coverage"]["not_evaluated"]:
        assert missing["missing"] in text
    assert raw["tool"]["version"] in text


def test_it_loads_nothing_and_says_so_to_the_browser(page):
    parsed = Page(page)
    policy = next(m["content"] for m in parsed.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy and "http" not in policy and "*" not in policy
    for kind in ("style", "script"):
        content = "".join(parsed.raw[kind]).encode()
        assert f"{kind}-src 'sha256-{base64.b64encode(hashlib.sha256(content).digest()).decode()}'" in policy
    assert {tag for tag, _ in parsed.elements} <= ALLOWED
    for tag, attributes in parsed.elements:
        assert not {"style", "src", "srcset", "action", "background", "xlink:href", "ping"} & set(attributes), tag
        assert not [name for name in attributes if name.startswith("on")]
        if tag == "a":
            assert re.match(r"#|https://", attributes["href"])


def test_landmarks_names_and_order_of_headings(page):
    parsed = Page(page)
    tags = [tag for tag, _ in parsed.elements]
    assert parsed.all("html") == [{"lang": "en"}]
    for once in ("header", "main", "footer", "h1", "nav"):
        assert tags.count(once) == 1, once
    ids = [a["id"] for _, a in parsed.elements if a.get("id")]
    assert len(ids) == len(set(ids))
    for _, attributes in parsed.elements:
        for name in ("aria-labelledby",):
            assert attributes.get(name, ids[0]) in ids
        if (attributes.get("href") or "").startswith("#"):
            assert attributes["href"][1:] in ids
        if attributes.get("role") == "region":
            assert attributes.get("tabindex") == "0" and {"aria-label", "aria-labelledby"} & set(attributes)
    levels = [int(tag[1]) for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(a.get("scope") == "col" for a in parsed.all("th"))
    drawings = parsed.all("svg")
    assert len(drawings) == 2  # one for a screen, one for a phone
    assert all(drawing["role"] == "img" and drawing["aria-label"] for drawing in drawings)


def test_without_javascript_the_search_stays_away_and_all_else_is_there():
    case = synclens.open(logs.xml([logs.event(m, i, t, record=n) for n, (m, i, t) in enumerate(changes(), 1)]))
    page = html.render(case.to_dict())
    before_script = Page(page.replace(page[page.index("<script>") : page.index("</script>") + 9], ""))
    assert any("search" in (a.get("class") or "") and "hidden" in a for a in before_script.all("p"))
    assert before_script.all("button") == []
    assert "CN=Ada Voss,OU=Staff,DC=contoso,DC=com" in before_script.text


def changes():
    request = "Password Change Request - Anchor : {0}, Dn : CN={1},OU=Staff,DC=contoso,DC=com, Change Date : 03/10/2026 01:00:00"
    return [*logs.pings(0, 300), (61, 656, request.format("AAECAwQFBgcICQoLDA0ODw==", "Ada Voss") + logs.TRAILER)]


@pytest.mark.parametrize("attack", hostile.ATTACKS)
def test_nothing_in_the_input_has_effect(attack):
    page = html.render(hostile.poisoned(attack))
    parsed = Page(page)
    assert {tag for tag, _ in parsed.elements} <= ALLOWED
    assert len(parsed.all("script")) == 1 and hostile.MARKER not in "".join(parsed.raw["script"])
    assert hostile.MARKER not in "".join(parsed.raw["style"])
    for tag, attributes in parsed.elements:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "style")], tag
        if tag == "a":
            assert attributes["href"].startswith("#"), attributes
    assert not [c for c in hostile.CONTROLS if c in page.replace("\n", "")]
    assert str(4321 * 8765) not in page
    page.encode()  # no lone surrogate


def test_a_link_of_a_strange_rule_is_text(raw):
    changed = {**raw, "findings": [{**raw["findings"][0]}]}
    changed["findings"][0]["references"] = [
        {"title": "bad", "url": "javascript:alert(1)"}, {"title": "data", "url": "data:text/html,x"},
        {"title": "good", "url": "https://learn.microsoft.com/x"},
    ]  # fmt: skip
    outside = [a["href"] for a in Page(html.render(changed)).all("a") if not a["href"].startswith("#")]
    assert outside == ["https://learn.microsoft.com/x"]
    assert "javascript:alert(1)" in Page(html.render(changed)).text


def test_an_ordinary_page_is_small_and_a_huge_one_is_capped_with_counts(raw, page):
    assert len(page) < 200_000
    huge = dict(raw)
    finding, check = raw["findings"][0], raw["checks"][0]
    huge["findings"] = [
        {**finding, "id": f"f{n}", "scope": {"kind": "user", "name": f"CN=User {n:05},DC=contoso,DC=com"}}
        for n in range(5_000)
    ]
    huge["users"] = [
        {
            "dn": f"CN=User {n:06}," + "OU=Long Name Of A Unit," * 20, "anchor": None, "status": "Failed" if n % 2 else "Success",
            "last_request": finding["first_seen"], "last_result": None, "cause": "service-error", "history": ["x" * 200] * 50,
        }
        for n in range(20_000)
    ]  # fmt: skip
    huge["checks"] = [check] * 5_000
    huge["unclassified"] = [{"provider": "p", "event_id": n, "count": n, "example": "e" * 5000} for n in range(3_000)]
    huge["timeline"] = [
        {"time": f"2026-03-{1 + n % 28:02}T00:00:00Z", "lane": f"lane {n % 500}", "kind": "error", "text": "t" * 160}
        for n in range(5_000)
    ]
    huge["coverage"] = {
        **raw["coverage"],
        "gaps": [{"path": "p", "from": None, "to": None, "reason": "r" * 900}] * 5_000,
    }
    written = html.render(huge)
    assert len(written.encode()) <= html.MOST_BYTES
    text = Page(written).text
    assert "of 20000 users are shown" in text and "of 5000 checks are shown" in text
    assert "472 more rows are not drawn" in text
    assert text.index("CN=User 000001") > 0 and "CN=User 000000," not in text  # the troubled first


def test_the_same_bytes_wherever_it_is_made(raw, page, tmp_path):
    script = (
        "import json, sys; from synclens.report import html; "
        "sys.stdout.buffer.write(html.render(json.load(open(sys.argv[1]))).encode())"
    )
    stored = tmp_path / "raw.json"
    stored.write_text(synclens.open(logs.denied()).report().render("json"))
    for zone in ("Asia/Tokyo", "America/Caracas"):
        made = subprocess.run(
            [sys.executable, "-c", script, str(stored)], env={**os.environ, "TZ": zone}, capture_output=True, check=True
        )
        assert made.stdout.decode() == page


def test_the_chart_says_what_the_marks_say(raw):
    line = timeline.gather(raw)
    assert [(row.lane, row.kind) for row in line.rows][:1] == [("contoso.com", "error")]
    assert {row.kind for row in line.rows} == {"error", "heartbeat"}
    assert all(run.end - run.start >= timeline.HOUR for row in line.rows for run in row.runs)
    drawn = chart.svg(line)
    assert drawn.count(chart.COLOURS["error"]) >= 1 and "contoso.com · errors" in drawn
    assert "style=" not in drawn and "xlink" not in drawn
    bars = chart.timeline(line).to_dict()["layer"]
    assert any("tooltip" in layer["encoding"] for layer in bars)


def test_altair_takes_the_definition_and_is_not_loaded_for_a_page(raw, tmp_path):
    line = timeline.gather(raw)
    checked = chart.timeline(line).to_dict()  # raises for what is not valid
    assert checked["layer"] == chart.definition(line)["layer"]
    stored = tmp_path / "analysis.json"
    stored.write_text(synclens.open(logs.denied()).report().render("json"))
    show = (
        "import json, sys; from synclens.report import html; html.prepare(); "
        "page = html.render(json.load(open(sys.argv[1]))); assert '<svg' in page; print('altair' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", show, str(stored)], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_gaps_are_shaded_and_trouble_has_a_line(raw):
    time, end = "2026-03-10T01:00:00Z", "2026-03-10T03:00:00Z"
    gappy = {
        **raw,
        "coverage": {**raw["coverage"], "gaps": [{"path": "", "from": time, "to": end, "reason": "no log"}]},
    }
    with_gap, without = (chart.svg(timeline.gather(r)) for r in (gappy, raw))
    assert chart.GAP in with_gap and chart.GAP not in without
    assert "stroke-dasharray" in chart.svg(timeline.gather({**raw, "verdict": {**raw["verdict"], "since": time}}))
    assert "stroke-dasharray" not in chart.svg(timeline.gather({**raw, "verdict": {**raw["verdict"], "since": None}}))
    assert "Grey: not covered by a log" in html.render(gappy)


def test_runs_join_neighbours_and_leave_holes():
    marks = [
        {"time": f"2026-03-10T{h:02}:30:00.0000000Z", "lane": "a", "kind": "heartbeat", "text": "t"}
        for h in (1, 2, 3, 7)
    ]
    line = timeline.gather(
        {
            "timeline": [*marks, {"time": None, "lane": "a", "kind": "error", "text": ""}],
            "verdict": {"since": None, "status": "failing"},
            "coverage": {"logs": [], "gaps": []},
        }
    )
    (row,) = line.rows
    assert [(run.end - run.start) // timeline.HOUR for run in row.runs] == [3, 1]
    assert timeline.strip(row, line, 7) == "███···█"


def test_long_names_of_lanes_keep_their_ends_and_stay_apart(raw):
    lanes = [f"connector-{'a' * 40}{n}{'b' * 40}" for n in range(3)]
    marks = [{**raw["timeline"][0], "lane": lane, "kind": "heartbeat"} for lane in lanes]
    labels = [row.label for row in timeline.gather({**raw, "timeline": marks}).rows]
    assert len(set(labels)) == 3
    assert all(
        label.startswith("connector-a") and label.endswith(" · heartbeats") and len(label) < 50 for label in labels
    )


@pytest.mark.parametrize(
    "missing", [{}, {"timeline": []}, {"timeline": [{"time": None, "lane": "", "kind": "", "text": ""}]}]
)
def test_a_diagnosis_without_timeline_or_server_is_fine(raw, missing):
    bare = {k: v for k, v in raw.items() if k not in ("timeline", "server")} | missing
    text = Page(html.render(bare)).text
    assert "No record of password hash synchronization with a time" in text and "build not in these inputs" in text


def test_without_the_drawing_extra_the_rows_stand_as_characters(raw, monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    text = Page(html.render(raw)).text
    assert "pip install 'synclens[report]'" in text
    assert re.search("█+.*contoso.com · errors", text)


def test_without_jinja_one_sentence(raw, monkeypatch):
    monkeypatch.setitem(sys.modules, "jinja2", None)
    html._environment.cache_clear()
    with pytest.raises(synclens.SynclensError, match=r"needs jinja2.*pip install 'synclens\[report\]'"):
        html.render(raw)


def test_many_users_with_one_cause_are_one_thing_to_do(raw):
    finding = raw["findings"][0]
    many = {**raw, "findings": [
        {**finding, "id": f"u{n}", "scope": {"kind": "user", "name": f"CN=User {n}"}} for n in range(30)
    ]}  # fmt: skip
    page = html.render(many)
    do = page[page.index('<section id="do"') : page.index('<section id="checks"')]
    assert do.count("<article") == 1
    assert "And 18 more users" in do
    assert page.count('<details id="finding-') == 30
