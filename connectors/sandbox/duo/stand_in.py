"""The stand-in as a whole: an app for the HTTP engine, with what people and agents do beside it."""

from collections.abc import Callable
from datetime import datetime

from connectors.sandbox.duo.acts.agents import AgentActs
from connectors.sandbox.duo.acts.people import PeopleActs
from connectors.sandbox.duo.engine import answer
from connectors.sandbox.duo.rates import Kind, Rates
from connectors.sandbox.duo.signature import Keys
from connectors.sandbox.duo.switches import Grant, Switches
from connectors.sandbox.duo.watched import Watched
from connectors.sandbox.messages import Request, Response


class Duo(PeopleActs, AgentActs, Watched):
    """One Duo account behind the Admin API. Safe to share between threads; the same seed gives the same ids and codes.

    The clock is the account's own, dates of requests included: where it is a simulated one and the client's is not,
    set `switches.clock_skew` to None.
    """

    def __init__(self, clock: Callable[[], datetime], integration_key: str, secret_key: str, *, seed: int = 0) -> None:
        super().__init__(clock, seed)
        self._keys = Keys(integration_key, secret_key)
        self._rates = Rates()

    def app(self, request: Request) -> Response:
        """Answer one call of the Admin API."""
        with self._held() as account:
            return answer(account, self._keys, self._rates, request)

    @property
    def switches(self) -> Switches:
        """What isn't known of the real one, or differs between accounts; to be changed in place."""
        return self._account.switches

    @property
    def grants(self) -> set[Grant]:
        """What the application may do; to be changed in place. At first everything but settings."""
        return self._account.grants

    @property
    def limits(self) -> dict[Kind, int]:
        """Calls a minute by kind, Duo's at first; to be changed in place: a kind taken out has no limit."""
        return self._rates.limits

    @property
    def busiest_minute(self) -> int:
        """The most calls that arrived within any minute so far, refused ones included."""
        with self._held():
            return self._rates.busiest.get(Kind.TOTAL, 0)
