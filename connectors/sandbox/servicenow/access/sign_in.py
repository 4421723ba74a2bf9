"""Who sent a request: a bearer token or a user name with its password (ServiceNow facts §6.1, §6.2)."""

from connectors.sandbox.messages import Request
from connectors.sandbox.servicenow.access.accounts import Accounts
from connectors.sandbox.servicenow.access.basic import user_and_password
from connectors.sandbox.servicenow.access.tokens import Tokens
from connectors.sandbox.servicenow.instance import Caller, Instance
from connectors.sandbox.servicenow.records.store import Record
from connectors.sandbox.servicenow.replies import unauthenticated, unauthorized_api


def caller(instance: Instance, accounts: Accounts, tokens: Tokens, request: Request) -> Caller:
    """The caller of a REST API; raises 401, or 403 where REST ACLs ask for a role (§6.4)."""
    scheme, _, credentials = request.headers.get("authorization", "").partition(" ")
    by_token = scheme.lower() == "bearer"
    user = tokens.user(credentials.strip()) if by_token else _by_password(instance, accounts, request)
    if user is None or not accounts.usable(user):
        raise unauthenticated()
    found = accounts.caller(user)
    if instance.switches.rest_acls and not found.roles & {"admin", "snc_platform_rest_api_access"}:
        raise unauthorized_api()
    return found


def _by_password(instance: Instance, accounts: Accounts, request: Request) -> Record | None:
    given = user_and_password(request)
    user = accounts.sign_in(*given) if given else None
    if user and instance.switches.multi_factor:
        raise unauthenticated({"X-MFA_TOKEN": "invalid"})
    restricted = instance.switches.basic_auth_restricted
    if user and restricted and "snc_basic_auth_api_access" not in accounts.caller(user).roles:
        return None  # admin or not (§6.1)
    return user
