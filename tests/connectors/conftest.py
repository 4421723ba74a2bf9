"""What the connectors' tests share: certificates, made once, and a server that says what a test wants."""

from collections.abc import Iterator

import pytest

from connectors.sandbox.tls import Certificates, certificates
from tests.connectors.scripted import Scripted


@pytest.fixture(scope="session")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("loopback"))


@pytest.fixture
def scripted(loopback: Certificates) -> Iterator[Scripted]:
    with Scripted(loopback) as server:
        yield server
