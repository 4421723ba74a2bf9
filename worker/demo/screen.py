"""What the demonstration shows: a live table on a terminal, a line for every change where it is piped."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

WIDE = 130
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
    done: str


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
            self._live.update(table(lines, wide=self._console.width >= WIDE))
        for line in lines:
            now = f"{line.state} {line.outcome} {line.done}"
            settled = line.outcome or line.state not in ("", "new")
            if settled and not self._quiet and not self._live and self._shown.get(line.ticket) != now:
                self._say(line)
            self._shown[line.ticket] = now

    def end(self, lines: Sequence[Line], sentence: str) -> None:
        """The table of outcomes."""
        if not self._quiet:
            self._console.print(table(lines, wide=self._console.width >= WIDE))
            self._console.print(sentence, highlight=False, soft_wrap=True)

    def _say(self, line: Line) -> None:
        why = f" ({line.why})" if line.why else ""
        told = f"{line.ticket}  {line.state:9} {line.outcome or 'not decided'}{why}"
        self._console.print(told + (f" · {line.done}" if line.done else ""), highlight=False, soft_wrap=True)


def table(lines: Sequence[Line], *, wide: bool) -> Table:
    """All requests: what they are about, the decision and its proof, how it ended."""
    shown = Table(box=None, header_style="bold", pad_edge=False)
    for head in ("ticket", "about", "outcome", "row", "proof", "state"):
        shown.add_column(head, no_wrap=head != "about")
    if wide:
        shown.add_column("what happened then")
    for line in lines:
        colour = COLOURS.get(line.state, "")
        state = f"[{colour}]{line.state}[/]" if colour else line.state
        shown.add_row(
            line.ticket, line.about, line.outcome, line.why, line.proof, state, *([line.done] if wide else [])
        )
    return shown
