"""The timeline as one altair definition: an SVG in the report, interactive in a notebook."""

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
    """The chart of a timeline, `width` pixels wide without its labels: a band for each lane, below it one for each
    kind of mark in it. Raises ImportError without altair (the extra `report`)."""
    import altair as alt

    bands = _bands(line)
    keys = [f"{number:03}" for number in range(len(bands))]
    rows = list(zip(keys, bands, strict=True))
    x = alt.X(
        "start:T",
        title=None,
        scale=alt.Scale(type="utc", domain=[line.start, line.end], nice=False),
        axis=alt.Axis(
            format=_format(line),
            tickCount=max(2, width // 130),
            labelOverlap="greedy",
            labelSeparation=8,
            labelFlush=True,
            gridColor=LINE,
            gridOpacity=0.7,
        ),
    )
    y = alt.Y("band:N", title=None, sort=None, scale=alt.Scale(domain=keys), axis=None)

    def layer(values: list[dict[str, Any]]) -> altair.Chart:
        return alt.Chart(alt.Data(values=values))

    layers: list[Any] = []
    if line.gaps:
        gaps = [{"start": a, "end": b, "words": _span(a, b, f"not covered: {reason}")} for a, b, reason in line.gaps]
        layers.append(
            layer(gaps)
            .mark_rect(color=GAP, opacity=0.28)
            .encode(x=x, x2="end:T", description="words:N", tooltip=alt.Tooltip("words:N"))
        )
    heads = [{"band": key, "words": band} for key, band in rows if isinstance(band, str)]
    left, right = alt.value(-LABELS), alt.value(width)
    layers.append(
        layer(heads).mark_rect(color=LINE, opacity=0.4, height=ROW - 2, aria=False).encode(x=left, x2=right, y=y)
    )
    layers.append(
        layer(heads)
        .mark_text(align="left", baseline="middle", dx=4, fontSize=12, fontWeight="bold", color=TEXT, limit=width)
        .encode(x=left, y=y, text="words:N")
    )
    kinds = [{"band": key, "words": band.words} for key, band in rows if isinstance(band, Row)]
    layers.append(
        layer(kinds)
        .mark_text(align="right", baseline="middle", dx=-8, fontSize=12, color=TEXT, limit=LABELS - 10)
        .encode(x=alt.value(0), y=y, text="words:N")
    )
    runs = [_bar(key, band, run) for key, band in rows if isinstance(band, Row) for run in band.runs]
    layers.append(
        layer(runs)
        .mark_bar(height=BAR)
        .encode(
            x=x,
            x2="end:T",
            y=y,
            color=alt.Color("colour:N", scale=None),
            description="words:N",
            tooltip=[alt.Tooltip(f"{name}:N") for name in ("lane", "kind", "from", "to")] + [alt.Tooltip("marks:Q")],
        )
    )
    if line.since is not None:
        late = 2 * line.since > line.start + line.end
        broken = layer([{"start": line.since, "words": f"{line.status} since"}])
        colour = COLOURS["error"]
        layers.append(broken.mark_rule(color=colour, strokeDash=[4, 3], strokeWidth=1.5).encode(x=x))
        layers.append(
            broken.mark_text(
                align="right" if late else "left",
                baseline="bottom",
                dx=2 if late else -2,
                dy=-3,
                fontSize=11,
                color=colour,
            ).encode(x=x, y=alt.value(0), text="words:N")
        )
    return (
        alt.layer(*layers)
        .properties(width=width, height=ROW * len(bands), background="transparent", padding=4)
        .configure_axis(labelColor=TEXT, labelFontSize=12, domainColor=LINE, tickColor=LINE)
        .configure_view(stroke=LINE)
    )


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
    """The chart as SVG with plain shapes and text only. Raises ImportError without altair or vl-convert."""
    import altair as alt
    import vl_convert

    version = "_".join(alt.SCHEMA_VERSION.split(".")[:2])
    # That the definition is valid is for the tests: altair takes longer to check it than to make it.
    definition = timeline(line, width=width).to_dict(validate=False)
    drawn = vl_convert.vegalite_to_svg(definition, vl_version=version)
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
