"""A worker's configuration that points at a running sandbox: config.toml, its secret files and the ledger's key."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from connectors.sandbox.credentials import Credentials
from connectors.sandbox.people import DISTRICT
from connectors.sandbox.population import HOLD_GROUP, IDENTITY_DESK, PRIVILEGED, SERVICE_DESK
from connectors.sandbox.servicenow import ENROLMENT_ITEM, RESET_ITEM
from connectors.sandbox.teamdynamix import APPS, TRUSTED, App
from connectors.sandbox.toml_text import document

Auth = Literal["client_credentials", "password", "basic"]
TicketSystem = Literal["servicenow", "teamdynamix"]
Tables = Mapping[str, Mapping[str, Any]]

TRUSTED_FIELDS: Final[Mapping[TicketSystem, dict[str, Any]]] = {
    "servicenow": {"trusted_number_fields": ["u_hr_phone"], "trusted_address_fields": ["u_personal_email"]},
    "teamdynamix": {
        "trusted_number_fields": [f"Attributes.{TRUSTED['u_hr_phone']}"],
        "trusted_address_fields": [f"Attributes.{TRUSTED['u_personal_email']}"],
    },
}


@dataclass(frozen=True)
class Running:
    """Where the stand-ins are (ports by system), whom to trust, what to sign in with, and where requests come from."""

    ports: Mapping[str, int]
    ca_file: Path
    credentials: Credentials
    tickets: TicketSystem = "servicenow"


def write(folder: Path, running: Running, changes: Tables, auth: Auth) -> Path:
    """All files, in `folder`, which is made; the path of config.toml.

    `changes` are keys by table that replace or add to what is written here.
    """
    secrets = folder / "secrets"
    for made in (folder, secrets, folder / "var"):
        made.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, text in _secrets(running.credentials).items():
        (secrets / name).touch(mode=0o600)
        (secrets / name).write_text(f"{text}\n", encoding="utf-8")
    file = folder / "config.toml"
    file.write_text(document(_merged(_tables(running, auth), changes)), encoding="utf-8")
    return file


def _secrets(credentials: Credentials) -> dict[str, str]:
    return {
        "teamdynamix": credentials.teamdynamix.password,
        "teamdynamix-key": credentials.teamdynamix.web_services_key,
        "servicenow-client": credentials.servicenow.client_secret,
        "servicenow-password": credentials.servicenow.password,
        "duo": credentials.duo_secret_key,
        "password-pusher": credentials.password_pusher_token,
        "ledger.key": credentials.ledger_key,
    }


def _tables(running: Running, auth: Auth) -> dict[str, dict[str, Any]]:
    ports, credentials = running.ports, running.credentials
    trust = {"ca_file": str(running.ca_file.absolute())}
    return {
        "worker": {
            "mode": "live",
            "state": "sqlite:///var/duo-worker.db",
            "poll_every": "2s" if running.tickets == "servicenow" else "5s",  # two searches, of 30 a minute
            "key_file": "secrets/ledger.key",
        },
        "tickets": {"system": running.tickets},
        running.tickets: (_servicenow(running, auth) if running.tickets == "servicenow" else _teamdynamix(running))
        | trust,
        "duo": {
            "host": "localhost",
            "port": ports["duo"],
            "integration_key": credentials.duo_integration_key,
            "secret_key_file": "secrets/duo",
            "privileged_groups": [PRIVILEGED],
            **trust,
        },
        "password_pusher": {
            "url": f"https://localhost:{ports['password_pusher']}",
            "token_file": "secrets/password-pusher",
            **trust,
        },
        "mail": {
            "host": "localhost",
            "port": ports["mail"],
            "starttls": True,
            "sender": f"Duo enrolment <no-reply@{DISTRICT}>",
            "notice_copy": f"duo-notices@{DISTRICT}",
            **trust,
        },
        "policy": {
            "identity_groups": [IDENTITY_DESK],
            "service_desk_groups": [SERVICE_DESK],
            "same_login_domains": [DISTRICT],
            **TRUSTED_FIELDS[running.tickets],
        },
    }


def _servicenow(running: Running, auth: Auth) -> dict[str, Any]:
    return {
        "url": f"https://localhost:{running.ports['servicenow']}",
        "auth": auth,
        **_sign_in(running.credentials, auth),
        "catalog_items": [ENROLMENT_ITEM],
        "reset_items": [RESET_ITEM],
        "hold_group": HOLD_GROUP,
        "passphrase_field": "u_passphrase",
    }


def _teamdynamix(running: Running) -> dict[str, Any]:
    return {
        "url": f"https://localhost:{running.ports['teamdynamix']}/TDWebApi",
        "username": running.credentials.teamdynamix.user_name,
        "password_file": "secrets/teamdynamix",
        "user_name_field": "ExternalID",
        "hold_group": HOLD_GROUP,
        "pending_needs_date": True,
        "comments_are_mailed": False,
        "apps": [_app(app) for app in APPS],
    }


def _app(app: App) -> dict[str, Any]:
    return {
        "id": app.id,
        "forms": [app.enrolment_form],
        "reset_forms": [app.reset_form],
        "statuses": {
            "open": app.of_class(1).id,
            "work_in_progress": app.of_class(2).id,
            "pending": app.of_class(5).id,
            "closed_complete": app.of_class(3).id,
            "closed_incomplete": app.of_class(4).id,
            "awaiting_approval": [app.of_class(6).id],
            "rejected": [each.id for each in app.statuses if each.name == "Rejected"],
        },
        "attributes": {
            "device": app.named("device_type").id,
            "phone_number": app.named("mobile_number").id,
            "phone_os": app.named("phone_os").id,
            "preferred": app.named("preferred_method").id,
            "affected_person": app.named("affected_person").id,
        },
    }


def _sign_in(credentials: Credentials, auth: Auth) -> dict[str, str]:
    client = {"client_id": credentials.servicenow.client_id, "client_secret_file": "secrets/servicenow-client"}
    user = {"username": credentials.servicenow.user_name, "password_file": "secrets/servicenow-password"}
    match auth:
        case "client_credentials":
            return client
        case "password":
            return client | user
        case "basic":
            return user


def _merged(tables: Tables, changes: Tables) -> dict[str, dict[str, Any]]:
    return {name: {**tables.get(name, {}), **changes.get(name, {})} for name in (*tables, *changes)}
