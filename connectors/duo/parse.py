"""The Admin API's JSON as the values of `model`: read defensively, in lower case, times in UTC."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from connectors.duo.failures import lost
from connectors.duo.model import BypassCode, Group, Phone, User, WebAuthnCredential

T = TypeVar("T")

ACTIVATED = frozenset({"push", "mobile_otp"})  # what only an activated app is capable of


class Unfit(Exception):
    """An answer lacks what every such answer has, or isn't about what was asked. Names the part, not its value."""


def fit(method: str, answer: Any, parse: Callable[[Any], T]) -> T:
    """`parse(answer)`; what doesn't fit is no answer, so `Unavailable` to a GET and `Uncertain` to a write."""
    try:
        return parse(answer)
    except Unfit as error:
        raise lost(method, f"an answer doesn't fit: {error}") from error


def user(row: Any) -> User:
    """A user object with its devices (Admin API facts §3). Its groups come without their own status."""
    return User(
        user_id=word(row, "user_id"),
        username=word(row, "username"),
        aliases=_aliases(row),
        email=text(row, "email"),
        first_name=remark(row, "firstname"),
        status=text(row, "status").lower(),
        lockout_reason=remark(row, "lockout_reason"),
        last_login=moment(row, "last_login"),
        created=moment(row, "created"),
        groups=tuple(group(each) for each in items(row, "groups")),
        phones=tuple(phone(each) for each in items(row, "phones")),
        webauthn_credentials=tuple(_credential(each) for each in items(row, "webauthncredentials")),
        token_ids=tuple(word(each, "token_id") for each in items(row, "tokens")),
    )


def phone(row: Any) -> Phone:
    """A phone object (§5). One capable of what needs the app is activated, whatever `activated` says."""
    capabilities = tuple(each.lower() for each in items(row, "capabilities") if isinstance(each, str))
    return Phone(
        phone_id=word(row, "phone_id"),
        number=text(row, "number"),
        type=text(row, "type").lower() or "unknown",
        platform=text(row, "platform").lower() or "unknown",
        activated=part(row, "activated") is True or not ACTIVATED.isdisjoint(capabilities),
        capabilities=capabilities,
        last_seen=remark(row, "last_seen"),
        user_ids=tuple(word(each, "user_id") for each in items(row, "users")),
    )


def group(row: Any) -> Group:
    return Group(word(row, "group_id"), word(row, "name"), text(row, "status").lower())


def bypass_code(row: Any) -> BypassCode:
    """A bypass code's metadata (§4)."""
    created = moment(row, "created")
    if created is None:
        raise Unfit("created")
    return BypassCode(
        bypass_code_id=word(row, "bypass_code_id"),
        created=created,
        expiration=moment(row, "expiration"),
        reuse_count=whole(row, "reuse_count"),
        admin_email=remark(row, "admin_email"),
    )


def _credential(row: Any) -> WebAuthnCredential:
    return WebAuthnCredential(
        webauthnkey=word(row, "webauthnkey"),
        label=remark(row, "label") or remark(row, "credential_name"),
        date_added=moment(row, "date_added"),
        registered_as=remark(row, "registered_as").lower(),
        transports=tuple(each for each in items(row, "transports") if isinstance(each, str)),
    )


def _aliases(row: Any) -> tuple[str, ...]:
    """Those of `alias1` to `alias4` and of the map `aliases`, each once."""
    several = part(row, "aliases")
    named = list(several.values()) if isinstance(several, dict) else []
    found = [part(row, f"alias{n}") for n in range(1, 5)] + named
    return tuple(dict.fromkeys(alias for alias in found if isinstance(alias, str) and alias))


def listing(answer: Any) -> list[Any]:
    """An answer that is a list whatever it holds."""
    if not isinstance(answer, list):
        raise Unfit("it is not a list")
    return answer


def items(row: Any, name: str) -> list[Any]:
    """A list in `row`; none where it is absent or null."""
    found = part(row, name)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Unfit(name)
    return found


def part(row: Any, name: str) -> Any:
    if not isinstance(row, dict):
        raise Unfit("it is not an object")
    return row.get(name)


def inner(row: Any, name: str) -> Any:
    """An object in `row`; an empty one where it is absent or null."""
    found = part(row, name)
    return {} if found is None else found


def text(row: Any, name: str) -> str:
    """A text in `row`, empty where it is absent or null."""
    found = part(row, name)
    if found is None:
        return ""
    if not isinstance(found, str):
        raise Unfit(name)
    return found


def remark(row: Any, name: str) -> str:
    """A text in `row` that nothing hangs on: empty where it is anything else."""
    found = part(row, name)
    return found if isinstance(found, str) else ""


def word(row: Any, name: str) -> str:
    """A text in `row` that can't be missing."""
    found = text(row, name)
    if not found:
        raise Unfit(name)
    return found


def whole(row: Any, name: str) -> int | None:
    """A whole number in `row`, which may come as a text; None where it is absent or null."""
    found = part(row, name)
    if found is None:
        return None
    if isinstance(found, str) and found.isascii() and found.isdigit() and len(found) <= 16:
        return int(found)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Unfit(name)
    return found


def moment(row: Any, name: str) -> datetime | None:
    """Unix seconds in `row` as UTC; None where they are absent or null."""
    seconds = whole(row, name)
    try:
        return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise Unfit(name) from None
