"""Every call the stand-in answers: what it counts as, what it needs, and who answers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from connectors.sandbox.duo.account import Account
from connectors.sandbox.duo.api import (
    activation,
    administrator_log,
    authentication_log,
    bypass_codes,
    enrollment,
    groups,
    phones,
    policies,
    settings,
    telephony_log,
    user_devices,
    users,
    verification_push,
    webauthn,
)
from connectors.sandbox.duo.call import Call
from connectors.sandbox.duo.rates import Kind
from connectors.sandbox.duo.switches import Grant

ANY: Final = "*"
READ, WRITE, LOG, SETTINGS = Grant.READ_RESOURCE, Grant.WRITE_RESOURCE, Grant.READ_LOG, Grant.SETTINGS


@dataclass(frozen=True)
class Route:
    """`path` has a `*` for each part that is an id. `version_5_only`: a version 2 signature isn't taken (§2)."""

    method: str
    path: str
    answer: Callable[[Account, Call], object]
    grant: Grant
    kind: Kind
    version_5_only: bool = False


ROUTES: Final = (
    Route("GET", "/admin/v1/users", users.listing, READ, Kind.PAGE),
    Route("POST", "/admin/v1/users", users.create, WRITE, Kind.MODIFY),
    Route("POST", "/admin/v1/users/enroll", enrollment.enroll, WRITE, Kind.MODIFY),
    Route("GET", "/admin/v1/users/*", users.one, READ, Kind.ONE),
    Route("POST", "/admin/v1/users/*", users.modify, WRITE, Kind.MODIFY),
    Route("DELETE", "/admin/v1/users/*", users.delete, WRITE, Kind.MODIFY),
    Route("GET", "/admin/v1/users/*/phones", user_devices.phones, READ, Kind.PAGE),
    Route("POST", "/admin/v1/users/*/phones", user_devices.attach_phone, WRITE, Kind.MODIFY),
    Route("DELETE", "/admin/v1/users/*/phones/*", user_devices.detach_phone, WRITE, Kind.MODIFY),
    Route("GET", "/admin/v1/users/*/tokens", user_devices.tokens, READ, Kind.PAGE),
    Route("GET", "/admin/v1/users/*/groups", user_devices.groups, READ, Kind.PAGE),
    Route("GET", "/admin/v1/users/*/bypass_codes", bypass_codes.of_user, READ, Kind.PAGE),
    Route("POST", "/admin/v1/users/*/bypass_codes", bypass_codes.create, WRITE, Kind.MODIFY),
    Route("GET", "/admin/v1/users/*/webauthncredentials", webauthn.of_user, READ, Kind.PAGE),
    Route("POST", "/admin/v1/users/*/send_verification_push", verification_push.send, WRITE, Kind.MODIFY),
    Route("GET", "/admin/v1/users/*/verification_push_response", verification_push.response, READ, Kind.ONE),
    Route("GET", "/admin/v1/phones", phones.listing, READ, Kind.PAGE),
    Route("POST", "/admin/v1/phones", phones.create, WRITE, Kind.MODIFY),
    Route("GET", "/admin/v1/phones/*", phones.one, READ, Kind.ONE),
    Route("POST", "/admin/v1/phones/*", phones.modify, WRITE, Kind.MODIFY),
    Route("DELETE", "/admin/v1/phones/*", phones.delete, WRITE, Kind.MODIFY),
    Route("POST", "/admin/v1/phones/*/activation_url", activation.activation_url, WRITE, Kind.MODIFY),
    Route("POST", "/admin/v1/phones/*/send_sms_activation", activation.send_sms_activation, WRITE, Kind.MODIFY),
    Route("POST", "/admin/v1/phones/*/send_sms_installation", activation.send_sms_installation, WRITE, Kind.MODIFY),
    Route("POST", "/admin/v1/phones/*/send_sms_passcodes", activation.send_sms_passcodes, WRITE, Kind.MODIFY),
    Route("GET", "/admin/v1/bypass_codes", bypass_codes.listing, READ, Kind.PAGE),
    Route("GET", "/admin/v1/bypass_codes/*", bypass_codes.one, READ, Kind.ONE),
    Route("DELETE", "/admin/v1/bypass_codes/*", bypass_codes.delete, WRITE, Kind.MODIFY),
    Route("GET", "/admin/v1/webauthncredentials", webauthn.listing, READ, Kind.PAGE),
    Route("GET", "/admin/v1/webauthncredentials/*", webauthn.one, READ, Kind.ONE),
    Route("DELETE", "/admin/v1/webauthncredentials/*", webauthn.delete, WRITE, Kind.MODIFY),
    Route("GET", "/admin/v1/groups", groups.listing, READ, Kind.PAGE),
    Route("GET", "/admin/v1/groups/*", groups.one, READ, Kind.ONE),
    Route("GET", "/admin/v2/groups/*", groups.one, READ, Kind.ONE),
    Route("GET", "/admin/v2/groups/*/users", groups.users, READ, Kind.PAGE),
    Route("GET", "/admin/v2/policies/calculate", policies.calculate, READ, Kind.ONE, version_5_only=True),
    Route("GET", "/admin/v2/logs/authentication", authentication_log.read, LOG, Kind.LOG),
    Route("GET", "/admin/v2/logs/telephony", telephony_log.read, LOG, Kind.LOG),
    Route("GET", "/admin/v1/logs/administrator", administrator_log.read, LOG, Kind.LOG),
    Route("GET", "/admin/v1/settings", settings.read, SETTINGS, Kind.ONE),
)
"""In the order in which they are tried: a fixed word before an id in its place."""

PARTS: Final = tuple((route, tuple(route.path.split("/"))) for route in ROUTES)


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a call and the ids in its path, which is still percent-encoded."""
    asked = path.split("/")
    for route, parts in PARTS:
        if route.method == method and _fits(parts, asked):
            return route, tuple(unquote(given) for part, given in zip(parts, asked, strict=True) if part == ANY)
    return None


def _fits(parts: tuple[str, ...], asked: list[str]) -> bool:
    if len(parts) != len(asked):
        return False
    return all(given and part in (ANY, given) for part, given in zip(parts[1:], asked[1:], strict=True))
