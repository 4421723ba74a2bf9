"""A Duo account, served, and Duo's own client for it as it comes from the package registry."""

from collections.abc import Iterator
from typing import Any

import duo_client
import pytest

from connectors.sandbox.duo import Duo
from connectors.sandbox.http import Server
from connectors.sandbox.tls import Certificates
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.duo.asking import INTEGRATION_KEY, SECRET_KEY


@pytest.fixture
def duo(clock: Clock) -> Duo:
    """An account without limits on a clock that stands still; the client's dates aren't judged."""
    duo = Duo(clock, INTEGRATION_KEY, SECRET_KEY, seed=7)
    duo.switches.clock_skew = None
    duo.limits.clear()
    return duo


@pytest.fixture
def server(duo: Duo, clock: Clock, trust: Certificates) -> Iterator[Server]:
    server = Server("duo", duo.app, tls=trust.server, clock=clock)
    yield server
    server.stop()


@pytest.fixture
def admin(server: Server, trust: Certificates) -> Any:
    """duo_client.Admin with version 5 signatures, its default; a 429 is told at once."""
    client = duo_client.Admin(
        ikey=INTEGRATION_KEY,
        skey=SECRET_KEY,
        host="localhost",
        port=server.port,
        ca_certs=str(trust.ca_file),
        timeout=30,
    )
    client._MAX_BACKOFF_WAIT_SECS = 0
    return client
