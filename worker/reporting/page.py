"""The report as one page: tables and plots, no script, nothing fetched from anywhere."""

from collections.abc import Iterator

from worker.reporting.figures import Report
from worker.reporting.markup import Markup, element, joined
from worker.reporting.plot_days import plot_days
from worker.reporting.plot_rows import plot_held, plot_states
from worker.reporting.plot_times import plot_times
from worker.reporting.sheets import Sheet, sheets
from worker.reporting.style import STYLE
from worker.reporting.words import moment, people, share, span

TITLE = "Duo enrolment requests"
FOLDED = ("days",)
"""Tables that are long and whose plot says most of it."""


def page(report: Report) -> str:
    """A whole HTML document."""
    head = element(
        "head",
        Markup('<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'),
        element("title", f"{TITLE}, {report.since:%Y-%m-%d} to {report.until:%Y-%m-%d}"),
        element("style", Markup(STYLE)),
    )
    when = f"Filed from {moment(report.since)} to {moment(report.until)}; as it stands at the end of that."
    plots = _plots(report)
    main = element(
        "main",
        element("h1", TITLE),
        element("p", when, class_="when"),
        _tiles(report),
        *(_section(sheet, plots.get(sheet.name)) for sheet in sheets(report)),
    )
    return joined(Markup("<!doctype html>\n"), element("html", head, element("body", main), lang="en"), "\n")


def _plots(report: Report) -> dict[str, Markup]:
    """The plot of each table that has one; of nothing there is none."""
    drawn = {"days": plot_days(report.days)} if report.total.filed else {}
    if report.total.to_delivered:
        drawn["delivered"] = plot_times(report.options, "delivered")
    if report.total.to_enrolled:
        drawn["enrolled"] = plot_times(report.options, "enrolled")
    if report.options:
        drawn["states"] = plot_states(report.options)
    if report.held:
        drawn["held"] = plot_held(report.held)
    return drawn


def _section(sheet: Sheet, plot: Markup | None) -> Markup:
    table = _table(sheet) if sheet.rows else element("p", "Nothing.", class_="note")
    if sheet.name in FOLDED:
        table = element("details", element("summary", "The table"), table)
    title, note = element("h2", sheet.title, id=sheet.name), element("p", sheet.note, class_="note")
    kind = "half" if len(sheet.heads) == 2 else "full"
    return element("section", title, note, plot or "", table, class_=kind, aria_labelledby=sheet.name)


def _table(sheet: Sheet) -> Markup:
    heads = element("tr", *(element("th", head, scope="col") for head in sheet.heads))
    rows = (_row(row, total=sheet.total and at == 0) for at, row in enumerate(sheet.rows))
    kind = "narrow" if len(sheet.heads) <= 3 else "full"
    table = element("table", element("thead", heads), element("tbody", *rows), class_=kind)
    return element("div", table, class_="wide", tabindex="0")


def _row(row: tuple[str, ...], *, total: bool) -> Markup:
    first, *others = row
    cells = (element("th", first, scope="row"), *(element("td", cell) for cell in others))
    return element("tr", *cells, class_="total") if total else element("tr", *cells)


def _tiles(report: Report) -> Markup:
    tiles = (element("div", element("dt", said), element("dd", *shown)) for said, *shown in _shown(report))
    return element("dl", *tiles)


def _shown(report: Report) -> Iterator[tuple[str, ...]]:
    """The figures most asked for, each with what it is counted of."""
    total, codes, again = report.total, report.codes, report.repeats
    yield "filed", str(total.filed), _small(f"by {people(again.persons)}")
    yield "delivered", str(total.delivered), _small(_of(total.delivered, total.filed, "filed"))
    yield "enrolled", str(total.enrolled), _small(_of(total.enrolled, total.delivered, "delivered"))
    for said, found in (("filed to delivered", total.to_delivered), ("filed to enrolled", total.to_enrolled)):
        shown = (span(found.median), f"median; p90 {span(found.p90)}") if found else ("–", "nothing yet")
        yield said, shown[0], _small(shown[1])
    yield "held now", str(total.states["held"] + total.states["unsure"]), _small(f"of {total.held} ever held")
    yield "codes never used", str(codes.never_used), _small(f"of {codes.made} made")
    yield "filed again in 30 days", str(again.again), _small(f"of {people(again.persons)}")


def _small(text: str) -> Markup:
    return element("small", text)


def _of(part: int, whole: int, named: str) -> str:
    return f"{share(part / whole)} of {named}" if whole else f"nothing {named} yet"
