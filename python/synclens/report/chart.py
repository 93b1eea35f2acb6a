"""The timeline as one altair definition: an SVG in the report, interactive in a notebook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from .timeline import Timeline, moment_of

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
WIDTH, ROW = 760, 20
# Labels are measured in the font of this machine and drawn in that of the reader's, which may be wider.
PADDING = {"left": 45, "right": 30, "top": 5, "bottom": 5}

_SVG = "{http://www.w3.org/2000/svg}"
_ELEMENTS = {"svg", "g", "path", "rect", "line", "text", "tspan", "title", "clipPath", "defs"}
_ATTRIBUTES = {
    "d", "x", "y", "x1", "x2", "y1", "y2", "dx", "dy", "width", "height", "viewBox", "transform", "fill", "stroke",
    "stroke-width", "stroke-dasharray", "stroke-miterlimit", "opacity", "fill-opacity", "stroke-opacity",
    "text-anchor", "font-size", "font-weight", "font-family", "display", "class",
}  # fmt: skip


def timeline(line: Timeline) -> altair.LayerChart:
    """The chart of a timeline. Raises ImportError without altair (the extra `report`)."""
    import altair as alt

    labels = [row.label for row in line.rows]
    runs = [
        {
            "row": row.label,
            "colour": COLOURS.get(row.kind, GAP),
            "start": run.start,
            "end": run.end,
            "from": moment_of(run.start),
            "to": moment_of(run.end),
            "marks": run.marks,
        }
        for row in line.rows
        for run in row.runs
    ]
    x = alt.X(
        "start:T",
        title=None,
        scale=alt.Scale(type="utc", domain=[line.start, line.end], nice=False),
        axis=alt.Axis(
            format=_format(line),
            tickCount=6,
            labelOverlap="greedy",
            labelSeparation=30,
            gridColor=LINE,
            gridOpacity=0.7,
        ),
    )
    y = alt.Y("row:N", title=None, sort=None, scale=alt.Scale(domain=labels), axis=alt.Axis(labelLimit=230))
    layers: list[Any] = []
    if line.gaps:
        gaps = [{"start": a, "end": b, "reason": reason} for a, b, reason in line.gaps]
        layers.append(
            alt.Chart(alt.Data(values=gaps))
            .mark_rect(color=GAP, opacity=0.28)
            .encode(x=x, x2="end:T", tooltip=alt.Tooltip("reason:N", title="not covered"))
        )
    layers.append(
        alt.Chart(alt.Data(values=runs))
        .mark_bar(height=ROW - 8)
        .encode(
            x=x,
            x2="end:T",
            y=y,
            color=alt.Color("colour:N", scale=None),
            tooltip=[alt.Tooltip(f"{name}:N") for name in ("row", "from", "to")] + [alt.Tooltip("marks:Q")],
        )
    )
    if line.since is not None:
        layers.append(
            alt.Chart(alt.Data(values=[{"start": line.since}]))
            .mark_rule(color=COLOURS["error"], strokeDash=[4, 3], strokeWidth=1.5)
            .encode(x=x)
        )
    return (
        alt.layer(*layers)
        .properties(width=WIDTH, height=ROW * len(labels), background="transparent", padding=PADDING)
        .configure_axis(labelColor=TEXT, labelFontSize=12, domainColor=LINE, tickColor=LINE)
        .configure_view(stroke=LINE)
    )


def svg(line: Timeline) -> str:
    """The chart as SVG with plain shapes and text only. Raises ImportError without altair or vl-convert."""
    import altair as alt
    import vl_convert

    version = "_".join(alt.SCHEMA_VERSION.split(".")[:2])
    drawn = vl_convert.vegalite_to_svg(timeline(line).to_dict(), vl_version=version)
    return _plain(
        drawn, f"Timeline from {moment_of(line.start)} to {moment_of(line.end)}; the table below says the same"
    )


def _plain(drawn: str, label: str) -> str:
    """Shapes and text of an SVG, without whatever else it carries: the page admits no style and no script in it."""
    ElementTree.register_namespace("", _SVG[1:-1])
    root = ElementTree.fromstring(drawn)
    _prune(root)
    root.attrib.update({"role": "img", "aria-label": label, "class": "chart"})
    return ElementTree.tostring(root, encoding="unicode")


def _prune(element: ElementTree.Element) -> None:
    for name in [name for name in element.attrib if name not in _ATTRIBUTES or "url(" in element.attrib[name]]:
        del element.attrib[name]
    element.attrib.pop("class", None)
    for child in list(element):
        hidden = child.get("opacity") == "0" or child.get("display") == "none"
        if hidden or not child.tag.startswith(_SVG) or child.tag.removeprefix(_SVG) not in _ELEMENTS:
            element.remove(child)
        else:
            _prune(child)


def _format(line: Timeline) -> str:
    days = (line.end - line.start) / 86_400_000
    if days <= 10:
        return "%b %d %H:%M"
    return "%b %d" if days <= 300 else "%Y-%m-%d"
