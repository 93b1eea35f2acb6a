"""The charts of a case in a notebook: the report's own, to zoom and to point at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .neutral import neutral

if TYPE_CHECKING:
    import altair

    from synclens.findings import UserState


WIDTH = 820


def timeline_chart(raw: Mapping[str, Any]) -> altair.LayerChart:
    """The chart of the report, to zoom and to point at. Raises ImportError without altair, ValueError without times."""
    from . import timeline

    line = timeline.gather(raw)
    if line is None:
        raise ValueError("nothing in these logs has a time: there is no timeline to draw")
    _altair()
    from . import chart

    return _to_explore(chart.timeline(line, width=WIDTH))


def user_chart(of: UserState) -> altair.Chart:
    """One user's history by time and event. Raises ImportError without altair, ValueError without times."""
    from .timeline import millis

    marks = [
        {"time": time, "event": words.partition(",")[0][:60], "text": words}
        for line in of.history
        for stamp, _, rest in [line.partition(" ")]
        for time, words in [(millis(stamp), neutral(rest))]
        if time is not None
    ]
    if not marks:
        raise ValueError("nothing in this user's history has a time: there is no timeline to draw")
    alt = _altair()
    drawn = (
        alt.Chart(alt.Data(values=marks))
        .mark_point(filled=True, size=90)
        .encode(
            x=alt.X("time:T", title=None, scale=alt.Scale(type="utc")),
            y=alt.Y("event:N", title=None, sort=None, axis=alt.Axis(labelLimit=320)),
            color=alt.Color("event:N", legend=None),
            tooltip=[alt.Tooltip("time:T", format="%Y-%m-%d %H:%M:%S UTC"), alt.Tooltip("text:N")],
        )
        .properties(width=WIDTH)
    )
    return _to_explore(drawn)


def _to_explore(drawn: Any) -> Any:
    """Zooms along the time. The report's colours are made for a light page: it has one in a dark notebook too."""
    return _offline(drawn.interactive(bind_y=False).properties(background="white"))


def _offline(drawn: Any) -> Any:
    """The same chart, which a notebook shows without a network: altair's default fetches its scripts from one.

    JupyterLab, Notebook and VS Code draw the definition themselves; where they do not know it, they show the picture.
    A renderer that the user has enabled goes first.
    """
    import altair as alt

    class Offline(type(drawn)):  # type: ignore[misc]
        def _repr_mimebundle_(self, *arguments: Any, **more: Any) -> Any:
            if alt.renderers.active != "default":
                return super()._repr_mimebundle_(*arguments, **more)
            definition = self.to_dict()
            version = alt.SCHEMA_VERSION.split(".")
            bundle = {
                f"application/vnd.vegalite.{version[0]}+json": definition,
                "text/plain": f"<{type(drawn).__name__}>",
            }
            try:
                import vl_convert
            except ImportError:
                return bundle
            bundle["image/svg+xml"] = vl_convert.vegalite_to_svg(definition, vl_version="_".join(version[:2]))
            return bundle

    Offline.__name__ = type(drawn).__name__
    object.__setattr__(drawn, "__class__", Offline)
    return drawn


def _altair() -> Any:
    try:
        import altair
    except ImportError:
        from synclens.table import not_installed

        raise not_installed("altair", "report") from None
    return altair
