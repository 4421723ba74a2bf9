"""The report as a page: complete, escaped, alone, and told to those who can't see its plots."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest

from tests.worker.reporting.ledgers import MINUTE, Life, tell
from tests.worker.reporting.month import NOW, SINCE, on
from worker.ledger.database import Ledger
from worker.ledger.states import State
from worker.reporting.figures import Report, report
from worker.reporting.markup import Markup, element, joined
from worker.reporting.page import page

VOID = ("meta",)


class Read(HTMLParser):
    """The page's elements, each of which must be closed by its own end."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def test_every_element_is_closed_and_the_figures_are_there(found: Report) -> None:
    read = Read(page(found))
    assert len(read.all("svg")) == 5
    assert len(read.all("table")) == 7
    for text in ("6.0 min", "46.0 min", "median; p90 30.0 min", "36% of delivered", "of 6 made", "identity-check"):
        assert text in read.said


def test_nothing_is_fetched_and_nothing_runs(found: Report) -> None:
    text = page(found)
    read = Read(text)
    assert {"script", "link", "img", "iframe", "use", "image"}.isdisjoint(tag for tag, _ in read.found)
    for _, attributes in read.found:
        assert not [name for name in attributes if name.startswith("on") or name in ("src", "href")]
    assert not re.search(r"https?:|url\(|@import|javascript:", text)


def test_each_plot_has_a_title_and_a_sentence_for_whoever_cannot_see_it(found: Report) -> None:
    text = page(found)
    ids = [attributes["id"] for _, attributes in Read(text).found if "id" in attributes]
    assert len(ids) == len(set(ids))
    for plot in Read(text).all("svg"):
        assert plot["role"] == "img"
        assert set((plot["aria-labelledby"] or "").split()) <= set(ids)
    told = re.search(r'<desc id="plot-held-told">(.*?)</desc>', text)
    assert told is not None
    assert told[1].startswith("give-up 2 (2 now), identity-check 2 (1 now), ")


def test_the_page_is_light_or_dark_as_its_reader_has_it(found: Report) -> None:
    text = page(found)
    assert "color-scheme: light dark" in text
    assert "@media (prefers-color-scheme: dark)" in text
    assert 'fill="' not in text
    assert 'style="' not in text


def test_a_row_that_is_named_like_markup_stays_text(ledger: Ledger) -> None:
    evil = "\"><script>alert('x')</script>&"
    tell(ledger, Life(evil, on(20), evil, "hold", state=State.HELD, row=evil, held=[(MINUTE, evil)]))
    read = Read(page(report(ledger, SINCE, NOW)))
    assert read.all("script") == []
    assert any(evil in said for said in read.said)


def test_nobody_is_named(found: Report) -> None:
    text = page(found)
    assert not [name for name in ("dana", "ann", "bob", "mia") if re.search(rf"\b{name}\b", text)]


def test_a_page_of_nothing_has_no_plots_and_says_so(ledger: Ledger) -> None:
    read = Read(page(report(ledger, SINCE, NOW)))
    assert read.all("svg") == []
    assert "Nothing." in read.said


def test_marks_stay_inside_their_plot(found: Report) -> None:
    text = page(found)
    for plot in re.findall(r"<svg.*?</svg>", text):
        box = re.search(r'viewBox="0 0 (\d+) (\d+)"', plot)
        assert box is not None
        width, height = map(int, box.groups())
        for rect in re.findall(r'<rect x="([\d.e-]+)" y="([\d.e-]+)" width="([\d.e-]+)" height="([\d.e-]+)"', plot):
            x, y, wide, high = map(float, rect)
            assert 0 <= x <= x + wide <= width + 0.5
            assert 0 <= y <= y + high <= height + 0.5


def test_bars_are_as_long_as_their_counts(found: Report) -> None:
    rects = re.findall(r'width="([\d.]+)"[^>]*><title>([\w-]+): (\d+) held', page(found))
    lengths = {(row, count): float(width) for width, row, count in rects}
    assert lengths["give-up", "2"] == pytest.approx(2 * lengths["no-address", "1"], abs=0.2)


@pytest.mark.parametrize("days", [1, 400])
def test_any_number_of_days_is_drawn(ledger: Ledger, days: int) -> None:
    tell(ledger, Life("t", NOW - MINUTE))
    since = NOW.replace(hour=0) if days == 1 else NOW - (days - 1) * 1440 * MINUTE
    found = report(ledger, since, NOW)
    assert len(found.days) == days
    assert "NaN" not in page(found)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (element("td", "<b>"), "<td>&lt;b&gt;</td>"),
        (element("td", element("b", "x"), "&"), "<td><b>x</b>&amp;</td>"),
        (element("a", class_='x"y', stroke_width=1.25), '<a class="x&quot;y" stroke-width="1.2"></a>'),
        (element("rect", x=1234567.0, y=0), '<rect x="1234567" y="0"></rect>'),
        (joined("<", Markup("<br>")), "&lt;<br>"),
    ],
)
def test_whatever_is_not_markup_is_escaped(made: Any, expected: str) -> None:
    assert made == expected
