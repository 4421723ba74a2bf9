"""Rows of the authentication log, as the prompt writes them (§8)."""

from dataclasses import dataclass
from typing import Final

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.applications import Application
from connectors.sandbox.duo.records import Json, User

ADDRESSES: Final = {"US": "192.0.2.10", "MX": "198.51.100.20"}
ELSEWHERE: Final = "203.0.113.30"


@dataclass(frozen=True)
class Prompt:
    """Where somebody logs in or adds a device, and from which country."""

    application: Application
    country: str = "US"


@dataclass(frozen=True)
class Event:
    """What happened: `result` is success, denied or fraud, `reason` says why, `device` names what was used or added."""

    factor: str
    result: str
    reason: str
    event_type: str = "authentication"  # or enrollment
    device: str | None = None


def write(account: Account, user: User, prompt: Prompt, event: Event) -> None:
    """One row of the log, as of now."""
    now, txid, application = account.now(), account.new_uuid(), prompt.application
    place = {"city": "", "state": "", "country": prompt.country}
    row: Json = {
        "access_device": {"ip": ADDRESSES.get(prompt.country, ELSEWHERE), "location": place},
        "alias": "",
        "application": {"key": application.integration_key, "name": application.name},
        "auth_device": {"ip": None, "location": dict.fromkeys(place), "name": event.device},
        "email": user.email,
        "event_type": event.event_type,
        "factor": event.factor,
        "isotimestamp": now.isoformat(),
        "reason": event.reason,
        "result": event.result,
        "timestamp": int(now.timestamp()),
        "txid": txid,
        "user": {"key": user.user_id, "name": user.username, "groups": _group_names(account, user)},
    }
    facets = {
        "users": (user.user_id,),
        "applications": (application.integration_key,),
        "groups": tuple(user.group_ids),
        "results": (event.result,),
        "reasons": (event.reason,),
        "factors": (event.factor,),
        "event_types": (event.event_type,),
    }
    account.authentication_log.add(now, txid, row, facets)


def _group_names(account: Account, user: User) -> list[str]:
    return [account.groups[group_id].name for group_id in user.group_ids]
