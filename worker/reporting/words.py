"""How figures are put to people."""

from datetime import datetime

HOUR, DAY = 60, 24 * 60


def span(minutes: float) -> str:
    """A time in minutes, in the unit that shows it best: "4.2 min", "3 h 05 min", "2.1 days"."""
    if minutes < HOUR - 0.05:
        return f"{minutes:.1f} min"
    whole = round(minutes)
    if whole < 2 * DAY:
        return f"{whole // HOUR} h {whole % HOUR:02d} min"
    return f"{minutes / DAY:.1f} days"


def share(part: float | None) -> str:
    """A part of one as per cent; a dash where there is none."""
    return "–" if part is None else f"{part:.0%}"


def people(count: int) -> str:
    """How many people."""
    return "1 person" if count == 1 else f"{count} people"


def moment(at: datetime) -> str:
    """A moment, in UTC and saying so."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
