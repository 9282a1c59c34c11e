"""A chart as an image, made in this process without a browser and without the network."""

from __future__ import annotations

import copy

import vl_convert

from charts.base import Chart, Spec

FONT = "Source Sans Pro, Liberation Sans, Arial, DejaVu Sans, sans-serif"
_NO_ADDRESSES: list[str] = []


def to_png(chart: Chart, *, width: int = 900, scale: float = 2.0) -> bytes:
    """PNG of a chart ``width`` pixels wide (times ``scale``), on the background of its theme."""
    return bytes(
        vl_convert.vegalite_to_png(fixed(chart, width), scale=scale, allowed_base_urls=_NO_ADDRESSES)
    )


def to_svg(chart: Chart, *, width: int = 900) -> str:
    """SVG of a chart ``width`` pixels wide; its text stays text."""
    return str(vl_convert.vegalite_to_svg(fixed(chart, width), allowed_base_urls=_NO_ADDRESSES))


def fixed(chart: Chart, width: int) -> Spec:
    """The specification with a width of its own, a background and a font that is installed.

    Raises:
        ValueError: the specification names an address or a file; a chart brings its rows with it.
    """
    if _names_address(chart.spec):
        raise ValueError("a chart brings its rows with it; this one names an address to read")
    spec = copy.deepcopy(chart.spec)
    spec["config"] = spec["config"] | {"font": FONT, "background": chart.background}
    if spec.get("width") == "container":
        spec["width"] = width
    spec["padding"] = 16
    spec["description"] = chart.alt
    return spec


def _names_address(spec: object) -> bool:
    if isinstance(spec, dict):
        return "url" in spec or any(_names_address(value) for value in spec.values())
    return isinstance(spec, list | tuple) and any(_names_address(value) for value in spec)
