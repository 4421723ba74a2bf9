"""How one Password Pusher server is set up: the `PWP__…` variables that change what its API answers."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """A number that creators may choose: what is taken without one, and the range outside of which that is taken."""

    default: int
    least: int
    most: int

    def settle(self, wanted: int | None) -> int:
        """The number a push gets: one outside the range is replaced by the default, silently (facts §4)."""
        if wanted is None or not self.least <= wanted <= self.most:
            return self.default
        return wanted


@dataclass(frozen=True)
class Settings:
    """The server's own defaults. A throttle of 0 is none."""

    days: Limit = Limit(7, 1, 90)
    views: Limit = Limit(5, 1, 100)
    retrieval_step: bool = True
    deletable_by_viewer: bool = True
    allow_anonymous: bool = True
    override_base_url: str = ""  # empty: links carry the host and scheme of the API request
    throttle_minute: int = 120
    throttle_second: int = 60
    version: str = "2.14.3"
