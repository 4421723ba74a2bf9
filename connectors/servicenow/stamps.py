"""Dates as ServiceNow writes them in raw values: UTC, whole seconds, no zone (ServiceNow facts §3.3)."""

from datetime import UTC, datetime


def text(moment: datetime) -> str:
    """An aware time in their form; a fraction of a second is cut off."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "seconds")


def moment(text: str) -> datetime | None:
    """The time that a raw value holds; None where it holds none."""
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except ValueError:
        return None
