"""A sandbox ServiceNow for each test that asks for one."""

from collections.abc import Iterator

import pytest

from connectors.sandbox.tls import Certificates
from tests.connectors.servicenow.stand import Stand, standing


@pytest.fixture
def stand(loopback: Certificates) -> Iterator[Stand]:
    with standing(loopback) as stand:
        yield stand
