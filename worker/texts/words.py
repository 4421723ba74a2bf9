"""How times, durations and addresses are put to people."""

from datetime import datetime, timedelta

UNITS = (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1)))


def until(at: datetime) -> str:
    """A moment, in UTC and saying so; rounded down to the minute, so that nothing is promised for too long."""
    if at.utcoffset() != timedelta():
        raise ValueError("times in texts are in UTC")
    return f"{at.day} {at:%B %Y, %H:%M} UTC"


def how_long(length: timedelta) -> str:
    """A duration in the largest unit that it counts whole: "8 hours", "90 minutes"; a day is "24 hours".

    Rounded to 5 minutes above an hour, else to one: a code's life is some seconds odd, and its exact end stands beside.
    """
    grain = timedelta(minutes=5 if length > timedelta(hours=1) else 1)
    rounded = max(timedelta(minutes=1), round(length / grain) * grain)
    units = UNITS[1:] if rounded == timedelta(days=1) else UNITS
    name, unit = next((name, unit) for name, unit in units if not rounded % unit)
    return counted(rounded // unit, name)


def counted(number: int, name: str) -> str:
    """A number of things: "1 hour", "2 hours"."""
    return f"{number} {name}" if number == 1 else f"{number} {name}s"


def times(number: int) -> str:
    """How often: "once", "twice", "3 times"."""
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def masked(address: str) -> str:
    """A mail address as a hint for its owner: a…@example.edu. Empty for what is none."""
    name, at, domain = address.rpartition("@")
    return f"{name[0]}…@{domain}" if name and at and domain else ""
