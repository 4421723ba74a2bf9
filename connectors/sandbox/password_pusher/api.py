"""The JSON API, v2 and v1 (facts §3): what each route answers, once throttle and token have let the caller through."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.password_pusher import answers
from connectors.sandbox.password_pusher.create import problems, wanted
from connectors.sandbox.password_pusher.push import Push
from connectors.sandbox.password_pusher.routes import Route
from connectors.sandbox.password_pusher.settings import Settings
from connectors.sandbox.password_pusher.store import Store
from connectors.sandbox.password_pusher.visitor import Visitor

OWNERS_ONLY: Final = ("active", "expired", "audit")
PAGE: Final = 50
LAST_PAGE: Final = 200


class Api:
    """Answers for one server's pushes. Every call wants the server's lock."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    def answer(self, route: Route, request: Request, visitor: Visitor) -> Response:
        if route.action == "version":
            return self._version(route)
        if self._turned_away(route, visitor):
            return answers.bad_token()
        if route.action == "create":
            return self._create(route, request, visitor)
        if route.action in ("active", "expired"):
            return self._list(request, visitor, expired=route.action == "expired")
        push = self._store.get(route.token)
        return answers.not_found() if push is None else self._about(push, route, request, visitor)

    def _turned_away(self, route: Route, visitor: Visitor) -> bool:
        """A wrong token is turned away everywhere, none only where one is needed (facts §2)."""
        needed = not self._settings.allow_anonymous or route.action in OWNERS_ONLY
        return visitor.rejected or (needed and visitor.user is None)

    def _about(self, push: Push, route: Route, request: Request, visitor: Visitor) -> Response:
        match route.action:
            case "preview":
                return Response.json(200, {"url": answers.secret_url(push, self._base_url(request))})
            case "audit":
                return self._audit(push, route, request, visitor)
            case "destroy":
                return self._destroy(push, request, visitor)
            case _:
                return self._show(push, request, visitor)

    def _version(self, route: Route) -> Response:
        """Public even to wrong tokens: it tells nothing about the one that was sent."""
        told: dict[str, Any] = {"application_version": self._settings.version, "api_version": "1", "edition": "oss"}
        if route.version == 2:
            told |= {"api_version": "2.1", "features": _features(self._settings)}
        return Response.json(200, told)

    def _create(self, route: Route, request: Request, visitor: Visitor) -> Response:
        try:
            body = json.loads(request.body or b"{}")
        except ValueError:
            return Response.json(400, {"status": 400, "error": "Bad Request"})
        root = "push" if route.version == 2 else "password"
        sent = body.get(root) if isinstance(body, dict) else None
        if not sent or not isinstance(sent, dict):
            return answers.refusal(400, f"param is missing or the value is empty or invalid: {root}")
        push_wanted = wanted(sent, self._settings)
        if wrong := problems(push_wanted):
            return Response.json(422, wrong)
        push = self._store.make(push_wanted, visitor)
        return Response.json(201, self._json(push, request) | answers.for_owner(push))

    def _list(self, request: Request, visitor: Visitor, *, expired: bool) -> Response:
        page = _page(request)
        if page is None:
            return answers.refusal(400, "Invalid page parameter")
        mine = [push for push in self._store if push.belongs_to(visitor.user) and push.expired == expired]
        shown = mine[::-1][(page - 1) * PAGE : page * PAGE]
        return Response.json(200, [self._json(push, request) | answers.for_owner(push) for push in shown])

    def _audit(self, push: Push, route: Route, request: Request, visitor: Visitor) -> Response:
        if not push.belongs_to(visitor.user):
            return answers.refusal(403, "That push doesn't belong to you.")
        page = _page(request)
        if page is None:
            return answers.refusal(400, "Invalid page parameter")
        rows = push.audit[::-1][(page - 1) * PAGE : page * PAGE]
        name = "logs" if route.version == 2 else "views"
        return Response.json(200, {name: [answers.audit_json(row) for row in rows]})

    def _destroy(self, push: Push, request: Request, visitor: Visitor) -> Response:
        if not (push.belongs_to(visitor.user) or push.deletable_by_viewer):
            return answers.refusal(401, "That push is not deletable by viewers.")
        if not push.expired:
            push.expire(self._clock())
            self._store.log(push, "expire", visitor)
        return Response.json(200, self._json(push, request))

    def _show(self, push: Push, request: Request, visitor: Visitor) -> Response:
        given = request.parameter("passphrase")
        if given and not self._store.may_try_passphrase(push):
            return answers.too_many_attempts()
        push.expire_if_due(self._clock())
        if push.passphrase and given != push.passphrase:
            self._store.log(push, "failed_passphrase", visitor)
            return answers.wrong_passphrase()
        self._store.view(push, visitor)
        shown = Response.json(200, self._json(push, request) | answers.for_reader(push))
        push.expire_if_due(self._clock())  # the last view's own answer still says it isn't expired
        return shown

    def _json(self, push: Push, request: Request) -> dict[str, Any]:
        return answers.push_json(push, self._base_url(request), self._clock())

    def _base_url(self, request: Request) -> str:
        return self._settings.override_base_url or f"https://{request.headers.get('host', 'localhost')}"


def _features(settings: Settings) -> dict[str, Any]:
    return {
        "anonymous_access": settings.allow_anonymous,
        "api_token_authentication": True,
        "accounts": {"enabled": False},
        "pushes": {
            "enabled": True,
            "email_auto_dispatch": False,
            "file_attachments": {"enabled": False, "requires_authentication": True},
            "url_pushes": {"enabled": True},
            "qr_code_pushes": {"enabled": True},
        },
        "requests": {"enabled": False},
    }


def _page(request: Request) -> int | None:
    text = request.parameter("page", "1").strip()
    if not text.removeprefix("-").isdigit() or int(text) > LAST_PAGE:
        return None
    return max(int(text), 1)
