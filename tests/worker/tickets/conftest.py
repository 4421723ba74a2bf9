"""A sandbox ServiceNow with the worker's tickets on it."""

from collections.abc import Iterator

import pytest

from connectors.sandbox.tls import Certificates, certificates
from tests.connectors.servicenow.stand import Stand, standing


@pytest.fixture(scope="session")
def loopback(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("loopback"))


@pytest.fixture
def stand(loopback: Certificates) -> Iterator[Stand]:
    with standing(loopback) as stand:
        yield stand
