"""The pages a person gets from the secret link: the retrieval step, the passphrase form, the secret, or "expired".

An unknown token gets the "expired" page too, so that nobody learns which links existed.
"""

import hashlib
import html
from collections.abc import Callable, Mapping
from datetime import datetime
from http.cookies import SimpleCookie
from typing import Final
from urllib.parse import parse_qs

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.password_pusher.push import Push
from connectors.sandbox.password_pusher.routes import Route
from connectors.sandbox.password_pusher.store import Store
from connectors.sandbox.password_pusher.visitor import Visitor

ALERTS: Final = {
    "incorrect": "That passphrase is incorrect.  Please try again or contact the person or organization that sent you "
    "this link.",
    "too-many": "Too many passphrase attempts. Please try again in a minute.",
}


class Pages:
    """Answers for one server's secret links. Every call wants the server's lock."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    def answer(self, route: Route, request: Request, visitor: Visitor) -> Response:
        if route.action == "up":
            return _page("Up", "<p>Up</p>")
        push = self._store.get(route.token)
        if push is None:
            return _expired()
        match route.action:
            case "preliminary":
                return self._preliminary(push, visitor)
            case "passphrase":
                return _form(push, request)
            case "access":
                return self._access(push, request, visitor)
            case _:
                return self._show(push, request, visitor)

    def _preliminary(self, push: Push, visitor: Visitor) -> Response:
        """The retrieval step: one ordinary link, and no view counted (facts §9)."""
        push.expire_if_due(self._clock())
        if push.expired:
            self._store.view(push, visitor)
            return _expired()
        return _page("Secret link", f'<p><a href="/p/{push.url_token}" rel="no-prefetch">Click Here to Proceed</a></p>')

    def _access(self, push: Push, request: Request, visitor: Visitor) -> Response:
        if not self._store.may_try_passphrase(push):
            return _back_to_form(push, "too-many")
        given = parse_qs(request.body.decode(errors="replace")).get("passphrase", [""])[0]
        if given != (push.passphrase or ""):
            self._store.log(push, "failed_passphrase", visitor)
            return _back_to_form(push, "incorrect")
        cookie = f"{push.url_token}-p={_unlocking(push)}; Max-Age=180; Path=/; HttpOnly; SameSite=Lax"
        return Response(302, headers={"Location": f"/p/{push.url_token}", "Set-Cookie": cookie})

    def _show(self, push: Push, request: Request, visitor: Visitor) -> Response:
        push.expire_if_due(self._clock())
        given = request.parameter("passphrase")
        if given and not self._store.may_try_passphrase(push):
            return _back_to_form(push, "too-many")
        if push.passphrase and given != push.passphrase and not _unlocked(push, request):
            return _back_to_form(push)
        self._store.view(push, visitor)
        if push.payload is None:
            return _expired()
        shown = _secret(push, push.payload)
        push.expire_if_due(self._clock())
        return shown


def _secret(push: Push, payload: str) -> Response:
    forget = {"Set-Cookie": f"{push.url_token}-p=; Max-Age=0; Path=/", "Cache-Control": "no-store"}
    if push.kind == "url":
        return Response(303, headers={"Location": payload, **forget})
    return _page("Your Secret Link", f"<pre id='push_payload'>{html.escape(payload)}</pre>", forget)


def _form(push: Push, request: Request) -> Response:
    alert = ALERTS.get(request.parameter("alert"), "")
    return _page(
        "Enter The Secret Passphrase",
        f"<p class='alert'>{alert}</p><form method='post' action='/p/{push.url_token}/access'>"
        "<input name='passphrase' autocomplete='off' autofocus><button>Go</button></form>",
    )


def _expired() -> Response:
    return _page("Your Secret Link Has Expired", "<p>We apologize but this secret link has expired.</p>")


def _back_to_form(push: Push, alert: str = "") -> Response:
    query = f"?alert={alert}" if alert else ""
    return Response(302, headers={"Location": f"/p/{push.url_token}/passphrase{query}"})


def _unlocked(push: Push, request: Request) -> bool:
    cookie = SimpleCookie(request.headers.get("cookie", "")).get(f"{push.url_token}-p")
    return cookie is not None and cookie.value == _unlocking(push)


def _unlocking(push: Push) -> str:
    """What the browser shows once the right passphrase was posted."""
    return hashlib.sha256(f"{push.url_token}:{push.passphrase}".encode()).hexdigest()


def _page(title: str, body: str, headers: Mapping[str, str] | None = None) -> Response:
    text = f"<!doctype html><html lang='en'><head><title>{title}</title></head><body>{body}</body></html>"
    return Response.html(200, text, headers)
