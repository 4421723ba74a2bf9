"""The effective policy of one user at one application (Admin API facts §9)."""

from connectors.duo import asking, parse
from connectors.duo.failures import SYSTEM
from connectors.duo.model import CalculatedPolicy
from connectors.duo.transport import Admin
from connectors.errors import Misconfigured


def calculated(admin: Admin, integration_key: str, user_id: str) -> CalculatedPolicy:
    """What Duo would apply when this user logs in to this application; empty where the answer doesn't say."""
    if not asking.ID.fullmatch(integration_key):
        raise Misconfigured(SYSTEM, f"{integration_key!r} can't be the integration key of an application")
    answer = admin.calculate_policy(integration_key, asking.known_id(user_id))
    return parse.fit("GET", answer, _policy)


def _policy(answer: object) -> CalculatedPolicy:
    sections = parse.inner(answer, "sections")
    new_user = parse.inner(sections, "new_user")
    methods = parse.inner(sections, "authentication_methods")
    return CalculatedPolicy(
        new_user=parse.text(new_user, "new_user_behavior").lower(),
        blocked_methods=_methods(parse.part(methods, "blocked_auth_list")),
    )


def _methods(named: object) -> tuple[str, ...]:
    """A list of methods, which may arrive as an array or as a text with commas."""
    each = named.split(",") if isinstance(named, str) else named or []
    if not isinstance(each, list) or not all(isinstance(method, str) for method in each):
        raise parse.Unfit("blocked_auth_list")
    return tuple(method.strip().lower() for method in each if method.strip())
