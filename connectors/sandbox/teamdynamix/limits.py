"""So many calls per endpoint and window; the window begins with its first call (TeamDynamix facts §5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from connectors.sandbox.teamdynamix.site import Site
from connectors.sandbox.teamdynamix.tokens import http_date


@dataclass
class _Window:
    ends: datetime
    calls: int = 0


class Limits:
    """The counters of one tenant."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._windows: dict[tuple[str, str], _Window] = {}

    def count(self, client: str, endpoint: str) -> tuple[bool, Mapping[str, str]]:
        """Count one call; whether it may go on, and the three headers."""
        switches, now = self._site.switches, self._site.clock()
        if not switches.limited:
            return True, {}
        limit = {"search": switches.searches_in_window, "create": switches.creations_in_window}.get(
            endpoint, switches.calls_in_window
        )
        window = self._windows.get((client, endpoint))
        if window is None or now >= window.ends:
            window = self._windows[client, endpoint] = _Window(now + switches.window)
        window.calls += 1
        return window.calls <= limit, {
            "X-RateLimit-Limit": str(limit),
            "X-RateLimit-Remaining": str(max(0, limit - window.calls)),
            "X-RateLimit-Reset": http_date(window.ends),
        }
