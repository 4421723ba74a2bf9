"""The part of the wiring that knows which ticket system it is: its client and its class."""

import threading
from functools import partial
from pathlib import Path
from typing import assert_never

from connectors.gate import Gate
from connectors.secret import Secret
from connectors.servicenow import auth as servicenow_auth
from connectors.servicenow.instance import Instance
from connectors.teamdynamix import auth as teamdynamix_auth
from connectors.teamdynamix.kinds import SEARCH
from connectors.teamdynamix.session import Tenant
from worker import configured
from worker.case import Clock
from worker.gates import Turnstile, beside, gate
from worker.ledger.database import Ledger
from worker.settings import ConfigError, Settings, read_secret
from worker.settings.servicenow import ServiceNow
from worker.settings.teamdynamix import TeamDynamix
from worker.tickets.servicenow import ServiceNowTickets
from worker.tickets.system import Tickets
from worker.tickets.teamdynamix import TeamDynamixTickets


def ticket_turnstile(settings: Settings, ledger: Ledger, stop: threading.Event) -> Turnstile:
    """What every call to the configured ticket system passes."""
    system = settings.tickets.system
    match system:
        case "servicenow":
            now = settings.servicenow
            return gate(ledger, system, calls_per_minute=now.calls_per_minute, timeout=now.timeout, stop=stop)
        case "teamdynamix":
            tdx = settings.teamdynamix
            allowed = partial(_allowed, tdx)
            return Turnstile(ledger, system, allowed, timeout=tdx.timeout, stop=stop)
        case _:
            assert_never(system)


def writes_are_calls(settings: Settings) -> bool:
    """Whether a write is one call, by the thread that asks for it, and counted with all others."""
    return settings.tickets.system == "servicenow" and not settings.servicenow.batch


def ticket_system(
    settings: Settings, ledger: Ledger, turnstile: Turnstile, stop: threading.Event, clock: Clock
) -> Tickets:
    """The configured one, which has called nobody yet.

    Raises:
        ConfigError: A secret can't be used.
    """
    system = settings.tickets.system
    match system:
        case "servicenow":
            return _servicenow(settings, ledger, turnstile, stop, clock)
        case "teamdynamix":
            return _teamdynamix(settings, turnstile, stop, clock)
        case _:
            assert_never(system)


def ca(path: Path | None) -> str:
    """A `ca_file` as connectors take it."""
    return "" if path is None else str(path)


def _beside(table: ServiceNow, ledger: Ledger) -> Gate | None:
    """The gate of the items of a batch; None: no batches."""
    if not table.batch:
        return None
    counts = table.batch_counts == "items"
    return beside(ledger, "servicenow", calls_per_minute=table.calls_per_minute, timeout=table.timeout, counts=counts)


def _servicenow(
    settings: Settings, ledger: Ledger, turnstile: Turnstile, stop: threading.Event, clock: Clock
) -> Tickets:
    table = settings.servicenow
    instance = Instance(
        table.url,
        _of_servicenow(table),
        gate=turnstile,
        stop=stop,
        timeout=table.timeout,
        ca_file=ca(table.ca_file),
        page_size=table.page_size,
        beside=_beside(table, ledger),
    )
    return ServiceNowTickets(instance, configured.servicenow(settings), clock)


def _of_servicenow(table: ServiceNow) -> servicenow_auth.Credentials:
    match table.auth:
        case "client_credentials":
            return servicenow_auth.ClientCredentials(
                table.client_id, _secret(table.client_secret_file, "servicenow", "client_secret_file")
            )
        case "password":
            return servicenow_auth.PasswordGrant(
                table.client_id,
                _secret(table.client_secret_file, "servicenow", "client_secret_file"),
                table.username,
                _secret(table.password_file, "servicenow", "password_file"),
            )
        case "basic":
            return servicenow_auth.Basic(table.username, _secret(table.password_file, "servicenow", "password_file"))


def _allowed(table: TeamDynamix, kind: str) -> int:
    return table.searches_per_minute if kind == SEARCH else table.calls_per_minute


def _teamdynamix(settings: Settings, turnstile: Turnstile, stop: threading.Event, clock: Clock) -> Tickets:
    table = settings.teamdynamix
    tenant = Tenant(
        table.url,
        _of_teamdynamix(table),
        gates=turnstile,
        stop=stop,
        timeout=table.timeout,
        ca_file=ca(table.ca_file),
    )
    return TeamDynamixTickets(tenant, configured.teamdynamix(settings), clock)


def _of_teamdynamix(table: TeamDynamix) -> teamdynamix_auth.Credentials:
    match table.auth:
        case "service_account":
            password = _secret(table.password_file, "teamdynamix", "password_file")
            return teamdynamix_auth.ServiceAccount(table.username, password)
        case "admin_key":
            key = _secret(table.web_services_key_file, "teamdynamix", "web_services_key_file")
            return teamdynamix_auth.AdministratorKey(table.beid, key)
        case "gateway":
            secret = _secret(table.client_secret_file, "teamdynamix", "client_secret_file")
            return teamdynamix_auth.Gateway(table.token_url, table.client_id, secret)


def _secret(path: Path | None, table: str, key: str) -> Secret:
    if path is None:
        raise ConfigError(f"[{table}] {key} is needed for this auth; name the file.")
    return read_secret(path)
