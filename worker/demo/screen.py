"""What the demonstration shows: a live table on a terminal, a line for every change where it is piped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

WIDE = 150
COLOURS = {"awaiting": "green", "closed": "green", "held": "yellow", "refused": "yellow", "unsure": "red"}


@dataclass(frozen=True)
class Line:
    """One request as it stands."""

    ticket: str
    about: str
    outcome: str  # an option, hold, refuse, wait, or empty: not decided
    why: str
    proof: str
    state: str
    done: str  # by the worker, and then by the person
    how: str = ""  # it ended


class Screen:
    """Shows lines as they change. `quiet` shows nothing, for --json."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self._console = console
        self._quiet = quiet
        self._shown: dict[str, str] = {}
        live = console.is_terminal and not quiet
        self._live = Live(console=console, refresh_per_second=8, transient=True) if live else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def show(self, lines: Sequence[Line]) -> None:
        """Bring the screen up to date."""
        if self._live:
            self._live.update(progress(lines))
        for line in lines:
            now = f"{line.state} {line.outcome} {line.done}"
            settled = line.outcome or line.state not in ("", "new")
            if settled and not self._quiet and not self._live and self._shown.get(line.ticket) != now:
                self._say(line)
            self._shown[line.ticket] = now

    def say(self, sentence: str) -> None:
        """Something that isn't about one request."""
        if not self._quiet:
            self._console.print(sentence, highlight=False, soft_wrap=True, style="dim")

    def end(self, lines: Sequence[Line], sentence: str) -> None:
        """The table of outcomes."""
        if not self._quiet:
            self._console.print(outcomes(lines, wide=self._console.width >= WIDE))
            self._console.print(sentence, highlight=False, soft_wrap=True)

    def _say(self, line: Line) -> None:
        why = f" ({line.why})" if line.why else ""
        told = f"{line.ticket}  {line.state:9} {line.outcome or 'not decided'}{why}"
        self._console.print(told + (f" · {line.done}" if line.done else ""), highlight=False, soft_wrap=True)


def progress(lines: Sequence[Line]) -> Table:
    """A line for each request while the worker is at it."""
    shown = Table(box=None, header_style="bold", pad_edge=False, expand=True)
    shown.add_column("ticket", no_wrap=True)
    shown.add_column("request", no_wrap=True, overflow="ellipsis", ratio=1)
    shown.add_column("outcome", no_wrap=True)
    shown.add_column("state", no_wrap=True)
    for line in lines:
        shown.add_row(line.ticket, line.about, line.outcome, _coloured(line))
    return shown


def outcomes(lines: Sequence[Line], *, wide: bool) -> Table:
    """What each request was about, the decision with row and proof, what was done, how it ended.

    Where there is no room beside each other they stand under each other.
    """
    shown = Table(box=SIMPLE_HEAD, header_style="bold", pad_edge=False, show_lines=False, leading=0 if wide else 1)
    shown.add_column("ticket", no_wrap=True)
    shown.add_column("request", ratio=3)
    if wide:
        shown.add_column("outcome · row · proof", ratio=3)
        shown.add_column("what was done, and then", ratio=4)
    shown.add_column("ended", no_wrap=True)
    for line in lines:
        why = " · ".join(filter(None, (line.outcome, line.why, line.proof)))
        told = (line.about, why, line.done)
        state = Text.from_markup(_coloured(line)).append(f"\n{line.how}" if line.how and not wide else "")
        if wide:
            state.append(f", {line.how}" if line.how else "")
        shown.add_row(line.ticket, *(told if wide else [_stacked(told)]), state)
    return shown


def _stacked(told: tuple[str, str, str]) -> Text:
    about, why, done = told
    return Text("\n").join([Text(about, style="bold"), Text(why), *([Text(done, style="dim")] if done else [])])


def _coloured(line: Line) -> str:
    colour = COLOURS.get(line.state, "")
    return f"[{colour}]{line.state}[/]" if colour else line.state
