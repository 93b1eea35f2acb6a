"""The diagnosis as one HTML file that opens offline, reads without JavaScript and loads nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from threading import Thread
from typing import TYPE_CHECKING, Any

from synclens.site import address

from . import phrases, timeline
from .neutral import neutral, neutral_lines

if TYPE_CHECKING:
    import jinja2

MOST_BYTES = 1_000_000
NO_CHART = "The chart needs vl-convert: pip install 'synclens[report]'. Until then, the same in characters:"
NO_PAGE = "the HTML report needs jinja2 and vl-convert: pip install 'synclens[report]'"
# A browser would break them at their hyphens.
_DATE = re.compile(r"\d{4}-\d\d-\d\d(?: \d\d:\d\d(?::\d\d)?)?(?: UTC)?")
# A parameter of a command with its value, where that is short: a browser would break it behind the hyphen.
_PARAMETER = re.compile(r"(?<=\s)(-[A-Za-z]\w*(?: [\w$]\S{0,14})?)(?=\s|$)")
MARKS = {"pass": "✔", "fail": "✖", "unknown": "?", "healthy": "✔", "failing": "✖", "degraded": "▲"}


@dataclass(frozen=True, slots=True)
class Caps:
    """How much of each part a page shows; counts say what is left out."""

    findings: int
    steps: int
    evidence: int
    users: int
    histories: int
    rows: int
    fields: int
    text: int


# The first that keeps the page under MOST_BYTES is taken.
CAPS = (
    Caps(findings=200, steps=40, evidence=10, users=1000, histories=300, rows=300, fields=30, text=1200),
    Caps(findings=80, steps=12, evidence=4, users=500, histories=60, rows=120, fields=12, text=600),
    Caps(findings=40, steps=8, evidence=2, users=200, histories=0, rows=60, fields=6, text=300),
    Caps(findings=15, steps=4, evidence=1, users=60, histories=0, rows=25, fields=3, text=160),
)


def render(raw: Mapping[str, Any]) -> str:
    """A diagnosis as an HTML page; the same bytes for the same diagnosis. Raises SynclensError without jinja2."""
    line = timeline.gather(raw)
    chart, missing = _charts(line)
    template = _environment().get_template("report.html.j2")
    first = CAPS[0]
    # Full of both a page never fitted: not tried.
    full = len(raw["findings"]) > first.findings and len(raw["users"]) > first.users
    for caps in CAPS[1 if full else 0 : -1]:
        page = _within(template.generate(_content(raw, caps), line=line, chart=chart, missing=missing))
        if page is not None:
            return page
    return template.render(_content(raw, CAPS[-1]), line=line, chart=chart, missing=missing)


def _within(parts: Iterable[str]) -> str | None:
    """The page, unless it becomes larger than it may: then None as soon as that is seen."""
    kept, size = [], 0
    for part in parts:
        kept.append(part)
        size += len(part)
        if size > MOST_BYTES:
            return None
    page = "".join(kept)
    return page if page.isascii() or len(page.encode()) <= MOST_BYTES else None


def prepare() -> None:
    """Has what a page needs loaded and the first drawing done in a thread, while the core reads and this one waits."""

    def work() -> None:
        with suppress(Exception):  # `render` meets the same, and says it
            _environment().get_template("report.html.j2")
            from . import chart

            chart.prepare()

    Thread(target=work, name="synclens-page").start()


def has_chart() -> bool:
    """Whether the extra that draws is installed."""
    from importlib.util import find_spec

    return find_spec("vl_convert") is not None


def _charts(line: timeline.Timeline | None) -> tuple[Any, str | None]:
    """The chart for a screen and the one for a phone; a style shows one of them."""
    if line is None:
        return None, None
    from . import chart

    try:
        drawn = "\n".join(chart.svg(line, width=width) for width in (chart.WIDTH, chart.NARROW))
    except ImportError:
        return None, NO_CHART
    from markupsafe import Markup

    return Markup(drawn), None  # shapes and escaped text only, see chart._plain


@cache
def _environment() -> jinja2.Environment:
    try:
        import jinja2
    except ImportError:
        from synclens import SynclensError

        raise SynclensError(NO_PAGE) from None
    from markupsafe import Markup, escape

    def visible(value: Any) -> Any:
        """Every value on its way into the page: nothing invisible, nothing that reorders text."""
        if value is None:
            return ""
        return value if isinstance(value, Markup) else neutral(str(value))

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("synclens", "report/templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "moment": phrases.moment,
        "who": phrases.who,
        "span": phrases.span,
        "of_group": phrases.of_group,
        "ended": phrases.ended,
        "note": phrases.note,
        "readable": phrases.readable,
        "place": phrases.place,
        "clock": timeline.moment_of,
        "web": phrases.is_web,
        "published": address,
        "since": phrases.since,
        "addr": id,
        "lines": lambda words: [_PARAMETER.split(line) for line in neutral_lines(words).strip("\n").split("\n")],
        "verbatim": lambda words: Markup(escape(neutral_lines(words).strip("\n"))),
    }
    return environment


def _content(raw: Mapping[str, Any], caps: Caps) -> dict[str, Any]:
    style, script = _part("report.css"), _part("report.js")
    current, before, others = phrases.parted(raw["findings"])
    groups = phrases.grouped(current)
    users = sorted(raw["users"], key=lambda u: u["status"] == "Success")
    checks = phrases.in_order(raw["checks"])
    inputs = raw["inputs"]
    common = phrases.common_folder([entry["path"] for entry in inputs])
    from markupsafe import Markup, escape

    def inside(words: str) -> str:
        """Without the folder that all files are in, which is said once."""
        return words.replace(common, "") if common else words

    def clip(words: Any) -> str:
        return phrases.clipped(inside(str(words)), caps.text)

    def cut(words: Any) -> Markup:
        shown = str(escape(neutral(clip(words))))
        return Markup(_DATE.sub(r'<span class="nb">\g<0></span>', shown) if "-" in shown else shown)

    return {
        "raw": raw,
        "caps": caps,
        "style": Markup(style),
        "script": Markup(script),
        "style_hash": _hash(style),
        "script_hash": _hash(script),
        "mark": MARKS,
        "kinds": phrases.KIND_WORDS,
        "affected": phrases.affected(raw),
        "places": phrases.places(raw),
        "covered": phrases.covered(raw),
        "checks": checks,
        "tally": phrases.tally(raw["checks"]),
        "first": phrases.first_command(raw["findings"]),
        "server": phrases.server(raw),
        "current": current,
        "groups": groups,
        "seen_above": {id(group[0]) for group in groups},
        "before": before,
        "others": others,
        "numbers": {id(f): n for n, f in enumerate((*current, *before, *others), 1)},
        "users": users,
        "troubled": sum(1 for u in users if u["status"] != "Success"),
        "damaged": [i for i in inputs if i["problems"] or i.get("more_problems")],
        "read": [i for i in inputs if i["kind"] not in ("unknown", "empty")],
        "aside": [i for i in inputs if i["kind"] in ("unknown", "empty") and not i["problems"]],
        "common": common.rstrip("/"),
        "clip": clip,
        "cut": cut,
        "tail": lambda words: inside(words) if len(inside(words)) <= 120 else "…" + inside(words)[-119:],
        "strip": timeline.strip,
    }


def _part(name: str) -> str:
    return (files("synclens") / "report" / "templates" / name).read_text("utf-8").strip()


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
