"""A ServiceNow instance, served, and two clients for it that come from the package registry."""

from collections.abc import Iterator
from typing import Any

import pysnc
import pysnow
import pytest
import requests

from connectors.sandbox.http import Server
from connectors.sandbox.servicenow import Filed, ServiceNow
from connectors.sandbox.tls import Certificates
from tests.connectors.sandbox.clock import Clock
from tests.connectors.sandbox.servicenow.asking import ANN, DESK, Asker, filed_by_ann


@pytest.fixture
def servicenow(clock: Clock) -> ServiceNow:
    """An instance with a requester and a technician."""
    servicenow = ServiceNow(clock, seed=11)
    servicenow.add_person(ANN)
    servicenow.add_person(DESK)
    return servicenow


@pytest.fixture
def filed(servicenow: ServiceNow) -> Filed:
    """Ann's request for Duo Mobile."""
    return filed_by_ann(servicenow)


@pytest.fixture
def api(servicenow: ServiceNow) -> Asker:
    """The worker's account, asking without a network."""
    return Asker(servicenow)


@pytest.fixture
def server(servicenow: ServiceNow, clock: Clock, trust: Certificates) -> Iterator[Server]:
    server = Server("servicenow", servicenow.app, tls=trust.server, clock=clock)
    yield server
    server.stop()


@pytest.fixture
def snow(server: Server, servicenow: ServiceNow, trust: Certificates) -> Iterator[Any]:
    """A client of pysnow with basic auth."""
    with requests.Session() as session:
        session.auth = (servicenow.credentials.user_name, servicenow.credentials.password)
        session.verify = str(trust.ca_file)
        session.trust_env = False  # REQUESTS_CA_BUNDLE would win over `verify`
        yield pysnow.Client(host=f"localhost:{server.port}", session=session)


@pytest.fixture
def snc(server: Server, servicenow: ServiceNow, trust: Certificates) -> Iterator[Any]:
    """ServiceNow's own pysnc with basic auth, without its retries."""
    auth = (servicenow.credentials.user_name, servicenow.credentials.password)
    client = pysnc.ServiceNowClient(server.url, auth, verify=str(trust.ca_file), auto_retry=False)
    client.session.trust_env = False
    yield client
    client.session.close()
