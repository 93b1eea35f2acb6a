"""The timeline as one definition: an SVG in the report, an interactive altair chart in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from .timeline import Row, Run, Timeline, moment_of

if TYPE_CHECKING:
    import altair

# The template gives these colours their dark counterparts.
COLOURS = {
    "error": "#b3261e",
    "heartbeat": "#2e7d32",
    "batch": "#1565c0",
    "result": "#00838f",
    "restart": "#8e24aa",
    "change": "#b26a00",
    "other": "#6b7280",
}
TEXT, LINE, GAP = "#1f2328", "#d0d7de", "#8c959f"
WIDTH, NARROW = 1040, 250  # of the plot, on a screen and on a phone
LABELS = 104  # room left of the plot for the kinds
ROW, BAR = 19, 12

_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = {"svg", "g", "path", "rect", "line", "text", "tspan", "title", "clipPath", "defs"}
_ATTRIBUTES = {
    "d", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy", "width", "height", "viewBox", "transform", "fill", "stroke",
    "stroke-width", "stroke-dasharray", "stroke-miterlimit", "opacity", "fill-opacity", "stroke-opacity",
    "text-anchor", "font-size", "font-weight", "font-family", "display", "class",
}  # fmt: skip


def timeline(line: Timeline, *, width: int = WIDTH) -> altair.LayerChart:
    """The definition as an altair chart, for notebooks. Raises ImportError without altair (the extra `report`)."""
    import altair

    whole = definition(line, width=width)
    layers = []
    for layer in whole.pop("layer"):
        layers.append(altair.Chart.from_dict(layer))
        layers[-1].data = altair.Data(**layer["data"])  # as it is, not moved out under a name
    config = altair.Config.from_dict(whole.pop("config"))
    return altair.LayerChart(layer=layers, config=config, **whole)


def definition(line: Timeline, *, width: int = WIDTH) -> dict[str, Any]:
    """The chart of a timeline in Vega-Lite, `width` pixels wide without its labels: a band for each lane, below it one
    for each kind of mark in it.

    Plain data and not altair's objects, though altair is what checks it: to load altair takes longer than to read most
    bundles.
    """
    bands = _bands(line)
    keys = [f"{number:03}" for number in range(len(bands))]
    rows = list(zip(keys, bands, strict=True))
    x = {
        "field": "start",
        "type": "temporal",
        "title": None,
        "scale": {"type": "utc", "domain": [line.start, line.end], "nice": False},
        "axis": {
            "format": _format(line),
            "tickCount": max(2, width // 130),
            "labelOverlap": "greedy",
            "labelSeparation": 8,
            "labelFlush": True,
            "gridColor": LINE,
            "gridOpacity": 0.7,
        },
    }
    y = {"field": "band", "type": "nominal", "title": None, "sort": None, "scale": {"domain": keys}, "axis": None}
    words, end = {"field": "words", "type": "nominal"}, {"field": "end"}
    left, right = {"value": -LABELS}, {"value": width}
    layers: list[dict[str, Any]] = []

    def layer(values: list[dict[str, Any]], kind: str, look: dict[str, Any], **encoding: Any) -> None:
        layers.append({"data": {"values": values}, "mark": {"type": kind, **look}, "encoding": encoding})

    if line.gaps:
        gaps = [{"start": a, "end": b, "words": _span(a, b, f"not covered: {reason}")} for a, b, reason in line.gaps]
        layer(gaps, "rect", {"color": GAP, "opacity": 0.28}, x=x, x2=end, description=words, tooltip=words)
    heads = [{"band": key, "words": band} for key, band in rows if isinstance(band, str)]
    layer(heads, "rect", {"color": LINE, "opacity": 0.4, "height": ROW - 2, "aria": False}, x=left, x2=right, y=y)
    text = {"baseline": "middle", "fontSize": 12, "color": TEXT}
    layer(
        heads, "text", {**text, "align": "left", "dx": 4, "fontWeight": "bold", "limit": width}, x=left, y=y, text=words
    )
    kinds = [{"band": key, "words": band.words} for key, band in rows if isinstance(band, Row)]
    look = {**text, "align": "right", "dx": -8, "limit": LABELS - 10}
    layer(kinds, "text", look, x={"value": 0}, y=y, text=words)
    runs = [_bar(key, band, run) for key, band in rows if isinstance(band, Row) for run in band.runs]
    colour = {"field": "colour", "type": "nominal", "scale": None}
    shown = [{"field": name, "type": "nominal"} for name in ("lane", "kind", "from", "to")]
    shown.append({"field": "marks", "type": "quantitative"})
    layer(runs, "bar", {"height": BAR}, x=x, x2=end, y=y, color=colour, description=words, tooltip=shown)
    if line.since is not None:
        late = 2 * line.since > line.start + line.end
        broken = [{"start": line.since, "words": f"{line.status} since"}]
        red = {"color": COLOURS["error"]}
        layer(broken, "rule", {**red, "strokeDash": [4, 3], "strokeWidth": 1.5}, x=x)
        look = {**red, "align": "right" if late else "left", "dx": 2 if late else -2}
        layer(broken, "text", {**look, "baseline": "bottom", "dy": -3, "fontSize": 11}, x=x, y={"value": 0}, text=words)
    return {
        "layer": layers,
        "width": width,
        "height": ROW * len(bands),
        "background": "transparent",
        "padding": 4,
        "config": {
            "axis": {"labelColor": TEXT, "labelFontSize": 12, "domainColor": LINE, "tickColor": LINE},
            "view": {"stroke": LINE},
        },
    }


def _bands(line: Timeline) -> list[str | Row]:
    """Every lane's name with its rows below it, from top to bottom."""
    bands: list[str | Row] = []
    for number, row in enumerate(line.rows):
        if number == 0 or line.rows[number - 1].lane != row.lane:
            bands.append(row.lane)
        bands.append(row)
    return bands


def _bar(key: str, row: Row, run: Run) -> dict[str, Any]:
    count = f"{run.marks} mark{'' if run.marks == 1 else 's'}"
    return {
        "band": key,
        "colour": COLOURS.get(row.kind, GAP),
        "start": run.start,
        "end": run.end,
        "lane": row.lane,
        "kind": row.words,
        "from": moment_of(run.start),
        "to": moment_of(run.end),
        "marks": run.marks,
        "words": _span(run.start, run.end, f"{row.label}, {count}"),
    }


def _span(start: int, end: int, words: str) -> str:
    return f"{words}: {moment_of(start)} to {moment_of(end)}"


def svg(line: Timeline, *, width: int = WIDTH) -> str:
    """The chart as SVG with plain shapes and text only. Raises ImportError without vl-convert (the extra `report`)."""
    import vl_convert

    drawn = vl_convert.vegalite_to_svg(definition(line, width=width))
    label = f"Timeline from {moment_of(line.start)} to {moment_of(line.end)}; the table below says the same"
    return _plain(drawn, label, "narrow" if width < WIDTH else "wide")


def prepare() -> None:
    """Draws something small: what takes long is the first drawing. Raises ImportError like `svg`."""
    day = 86_400_000
    row = Row("-", "error", 0, 0, runs=[Run(0, day // 24, 1)])
    svg(Timeline(0, day, day // 24, [row], [], 0, 0, 1))


def _plain(drawn: str, label: str, kind: str) -> str:
    """Shapes and text of an SVG, without whatever else it carries: the page admits no style and no script in it."""
    ElementTree.register_namespace("", _SVG[1:-1])
    root = ElementTree.fromstring(drawn)
    _prune(root)
    root.attrib.update({"role": "img", "aria-label": label, "class": f"chart {kind}"})
    return ElementTree.tostring(root, encoding="unicode")


def _prune(element: ElementTree.Element) -> None:
    words = element.get("aria-label")
    for name in [name for name in element.attrib if name not in _ATTRIBUTES or "url(" in element.attrib[name]]:
        del element.attrib[name]
    element.attrib.pop("class", None)
    for child in list(element):
        hidden = child.get("opacity") == "0" or child.get("display") == "none"
        if hidden or not child.tag.startswith(_SVG) or child.tag.removeprefix(_SVG) not in _ELEMENTS:
            element.remove(child)
        else:
            _prune(child)
    if words and element.tag == f"{_SVG}path":  # what a browser shows under the pointer
        ElementTree.SubElement(element, f"{_SVG}title").text = words


def _format(line: Timeline) -> str:
    days = (line.end - line.start) / 86_400_000
    if days <= 10:
        return "%b %d %H:%M"
    return "%b %d" if days <= 300 else "%Y-%m-%d"
