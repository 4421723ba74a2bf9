"""Which path means what (facts §3). A method or path that isn't here gets the server's 404 page."""

import re
from dataclasses import dataclass
from typing import Final

TOKEN: Final = r"(?P<token>[\w-]+)"


@dataclass(frozen=True)
class Route:
    """`version` 0 stands for the pages. `token` is empty where the route names no push."""

    version: int
    action: str
    token: str = ""


ROUTES: Final = tuple(
    (method, re.compile(pattern), version, action)
    for method, pattern, version, action in (
        ("GET", r"/api/v2/version(\.json)?", 2, "version"),
        ("POST", r"/api/v2/pushes(\.json)?", 2, "create"),
        ("GET", r"/api/v2/pushes/active(\.json)?", 2, "active"),
        ("GET", r"/api/v2/pushes/expired(\.json)?", 2, "expired"),
        ("GET", rf"/api/v2/pushes/{TOKEN}(\.json)?", 2, "show"),
        ("DELETE", rf"/api/v2/pushes/{TOKEN}(\.json)?", 2, "destroy"),
        ("GET", rf"/api/v2/pushes/{TOKEN}/preview(\.json)?", 2, "preview"),
        ("GET", rf"/api/v2/pushes/{TOKEN}/audit(\.json)?", 2, "audit"),
        ("GET", r"/api/v1/version\.json", 1, "version"),
        ("POST", r"/p\.json", 1, "create"),
        ("GET", r"/p/active\.json", 1, "active"),
        ("GET", r"/p/expired\.json", 1, "expired"),
        ("GET", rf"/p/{TOKEN}\.json", 1, "show"),
        ("DELETE", rf"/p/{TOKEN}\.json", 1, "destroy"),
        ("GET", rf"/p/{TOKEN}/preview\.json", 1, "preview"),
        ("GET", rf"/p/{TOKEN}/audit\.json", 1, "audit"),
        ("GET", rf"/p/{TOKEN}", 0, "show"),
        ("GET", rf"/p/{TOKEN}/r", 0, "preliminary"),
        ("GET", rf"/p/{TOKEN}/passphrase", 0, "passphrase"),
        ("POST", rf"/p/{TOKEN}/access", 0, "access"),
        ("GET", r"/up", 0, "up"),
    )
)


def find(method: str, path: str) -> Route | None:
    """HEAD is routed as GET, as Rails does: a scanner's HEAD counts a view too."""
    for wanted, pattern, version, action in ROUTES:
        if wanted == ("GET" if method == "HEAD" else method) and (found := pattern.fullmatch(path)):
            return Route(version, action, found.groupdict().get("token") or "")
    return None
