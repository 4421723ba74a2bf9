"""Who may sign in: passwords of users, OAuth clients, and roles (ServiceNow facts §6)."""

import hmac
from dataclasses import dataclass

from connectors.sandbox.servicenow.instance import Caller, Instance
from connectors.sandbox.servicenow.records import dates
from connectors.sandbox.servicenow.records.store import Record


@dataclass(frozen=True)
class Client:
    """An OAuth application; client_credentials runs as its user."""

    client_id: str
    secret: str
    user_id: str


class Accounts:
    """Passwords and OAuth clients of one instance; users themselves are rows of sys_user."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._passwords: dict[str, str] = {}
        self._clients: dict[str, Client] = {}
        self._failures: dict[str, int] = {}

    def set_password(self, user_id: str, password: str) -> None:
        """From now on the user can sign in with it."""
        self._passwords[user_id] = password

    def add_client(self, client: Client) -> None:
        """Register an OAuth application."""
        self._clients[client.client_id] = client

    def client(self, client_id: str, secret: str) -> Client | None:
        """The application, if the secret is its own."""
        known = self._clients.get(client_id)
        return known if known and _same(known.secret, secret) else None

    def sign_in(self, user_name: str, password: str) -> Record | None:
        """The user, if the password is right and the account usable; wrong ones in a row can lock it (§6.1)."""
        user = self._instance.store.one("sys_user", "user_name", user_name)
        if user is None:
            return None
        if not _same(self._passwords.get(user.sys_id, "\0"), password):
            self._failed(user)
            return None
        self._failures.pop(user.sys_id, None)
        return user if self.usable(user) and user.values["password_needs_reset"] == "false" else None

    def usable(self, user: Record) -> bool:
        """Active and not locked."""
        return user.values["active"] == "true" and user.values["locked_out"] == "false"

    def caller(self, user: Record) -> Caller:
        """The user with roles and zone as they are now."""
        store = self._instance.store
        held = store.having("sys_user_has_role", "user", (user.sys_id,))
        names = (store.find("sys_user_role", each.values["role"]) for each in held)
        roles = frozenset(role.values["name"] for role in names if role)
        zone = user.values["time_zone"] or self._instance.switches.zone
        return Caller(user, roles, dates.zone(zone))

    def _failed(self, user: Record) -> None:
        count = self._failures[user.sys_id] = self._failures.get(user.sys_id, 0) + 1
        limit = self._instance.switches.locked_after
        if limit and count >= limit:
            self._instance.store.put(user, {"locked_out": "true"})


def _same(known: str, given: str) -> bool:
    return hmac.compare_digest(known.encode(), given.encode())
