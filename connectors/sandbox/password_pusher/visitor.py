"""Who is calling, and whether the token they show is one."""

from collections.abc import Mapping
from dataclasses import dataclass

from connectors.sandbox.messages import Request


@dataclass(frozen=True)
class Visitor:
    """The caller of one request. `user` is None for anonymous ones."""

    user: str | None
    showed_token: bool  # some credentials were sent, good or not
    ip: str
    user_agent: str
    referrer: str

    @property
    def rejected(self) -> bool:
        """Credentials were sent, and they are nobody's."""
        return self.showed_token and self.user is None


def visitor(request: Request, users: Mapping[str, str]) -> Visitor:
    """`users`: token → user. The e-mail of the legacy headers is never looked at (facts §2)."""
    headers = request.headers
    words = headers.get("authorization", "").split()
    token = words[-1] if words else ""
    if "x-user-email" in headers and "x-user-token" in headers:
        token = headers["x-user-token"]
    return Visitor(
        user=users.get(token),
        showed_token="authorization" in headers or "x-user-token" in headers,
        ip=client_ip(request),
        user_agent=headers.get("user-agent", ""),
        referrer=headers.get("referer", ""),
    )


def client_ip(request: Request) -> str:
    """The peer is on a private address, so the server believes what it forwards for (facts §6)."""
    return request.headers.get("x-forwarded-for", request.client).split(",")[-1].strip()
