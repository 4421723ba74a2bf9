"""What all plots are drawn with: SVG of one width, told by a title and a sentence to whoever can't see it."""

from collections.abc import Iterable
from typing import NamedTuple

from worker.reporting.markup import Markup, element, joined

WIDTH = 880


def plot(name: str, title: str, told: str, height: float, *marks: str) -> Markup:
    """A figure; `told` says in a sentence what it shows. Its numbers stand in the table beside it."""
    return element(
        "figure",
        element(
            "svg",
            element("title", title, id=f"{name}-title"),
            element("desc", told, id=f"{name}-told"),
            *marks,
            viewBox=f"0 0 {WIDTH} {round(height)}",
            role="img",
            aria_labelledby=f"{name}-title {name}-told",
        ),
    )


class Box(NamedTuple):
    """A place in a plot."""

    x: float
    y: float
    width: float
    height: float


def bar(box: Box, kind: str, told: str) -> Markup:
    """A rectangle of a kind that the style knows; `told` shows when it is pointed at."""
    x, y, width, height = box
    return element("rect", element("title", told), x=x, y=y, width=width, height=height, class_=kind)


def line(x1: float, y1: float, x2: float, y2: float, kind: str = "grid") -> Markup:
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, class_=kind)


def words(x: float, y: float, text: str, kind: str = "label", anchor: str = "start") -> Markup:
    return element("text", text, x=x, y=y, class_=kind, text_anchor=anchor)


def legend(kinds: Iterable[tuple[str, str]]) -> Markup:
    """Which colour stands for what: (kind, words)."""
    keys = [element("span", element("i", class_=f"key {kind}"), said) for kind, said in kinds]
    return element("p", joined(*keys), class_="legend")
