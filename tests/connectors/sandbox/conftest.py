"""What the sandbox's tests share: certificates, made once, and a clock."""

import pytest

from connectors.sandbox.tls import Certificates, certificates
from tests.connectors.sandbox.clock import Clock


@pytest.fixture(scope="session")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def clock() -> Clock:
    return Clock()
