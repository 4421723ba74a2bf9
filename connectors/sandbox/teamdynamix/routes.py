"""From a request to its answer: who calls, which endpoint counts it, what is answered."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import unquote

from connectors.sandbox.messages import Request, Response
from connectors.sandbox.teamdynamix import api, shapes
from connectors.sandbox.teamdynamix.catalogue import App
from connectors.sandbox.teamdynamix.limits import Limits
from connectors.sandbox.teamdynamix.records import Refusal, Ticket, User
from connectors.sandbox.teamdynamix.site import Site
from connectors.sandbox.teamdynamix.tokens import Tokens

ROOT: Final = re.compile(r"/(?:SB)?TDWebApi/api/(.*)")
SIGN_IN: Final = ("auth", "auth/login", "auth/loginadmin")
UNPARSED: Final = Response.html(403, "<html><body><h1>Access Denied</h1></body></html>")

Answer = tuple[int, Any]


class Router:
    """Answers for one tenant; the caller holds its lock. `admin` are BEID and key of loginadmin and whom they are."""

    def __init__(self, site: Site, tokens: Tokens, admin: Callable[[str, str], User | None]) -> None:
        self._site = site
        self._tokens = tokens
        self._limits = Limits(site)
        self._admin = admin

    def answer(self, request: Request) -> Response:
        found = ROOT.fullmatch(request.path)
        if found is None:
            return Response.html(404, "<html><body>Not found</body></html>")
        path = unquote(found[1]).strip("/")
        allowed, headers = self._limits.count(request.client, _endpoint(request.method, path))
        if not allowed:
            return Response.json(429, {"ID": -1, "Message": "Too many requests."}, headers)
        try:
            return self._answered(request, path, headers)
        except Refusal as refused:
            if not refused.message:
                return UNPARSED
            return Response.json(refused.status, {"ID": -1, "Message": refused.message}, headers)

    def _answered(self, request: Request, path: str, headers: Mapping[str, str]) -> Response:
        body = _body(request)
        if request.method == "POST" and path in SIGN_IN:
            token = self._tokens.issue(self._signed_in(path, body))
            text = json.dumps(token) if self._site.switches.quoted_token else token
            return Response.text(200, text, headers)
        caller = self._tokens.caller(request.headers.get("authorization", ""))
        status, value = self._called(request, path.split("/"), caller, body)
        if value is None:
            return Response(status, b"", headers)
        return Response.json(status, value, headers)

    def _signed_in(self, path: str, body: Any) -> User:
        given = body if isinstance(body, dict) else {}
        if path == "auth/loginadmin":
            user = self._admin(str(given.get("BEID", "")), str(given.get("WebServicesKey", "")))
        else:
            name, password = str(given.get("username", "")), str(given.get("password", ""))
            named = [each for each in self._site.users.values() if each.fields.get("UserName") == name]
            user = next((each for each in named if password and each.password == password and each.is_active), None)
        if user is None:
            raise Refusal(self._site.switches.refused_status, "Invalid username or password.")
        return user

    def _called(self, request: Request, parts: list[str], caller: User, body: Any) -> Answer:
        site = self._site
        match request.method, parts:
            case "GET", ["auth", "getuser"]:
                return 200, shapes.user(caller)
            case "GET", ["applications"]:
                return 200, api.applications(site)
            case "GET", ["attributes", "custom"]:
                return 200, api.definitions(site, int(request.parameter("appId", "0")))
            case "GET", ["feed", entry] if entry.isdecimal():
                return 200, api.feed_entry(site, int(entry))
            case _, [app, "tickets", *rest] if app.isdecimal():
                return self._tickets(request, int(app), rest, caller, body)
            case _:
                return 200, self._people(request.method, parts, _asked(request, body))

    def _people(self, method: str, parts: list[str], asked: Mapping[str, Any]) -> Any:
        site = self._site
        match method, parts:
            case "GET", ["people", "lookup"]:
                return api.people(site, asked)
            case "GET", ["people", name]:
                return api.person(site, name)
            case "GET", ["people", "getuid", name]:
                return api.person(site, name)["UID"]
            case "POST", ["people", "search"]:
                return api.people(site, asked)
            case "POST", ["groups", "search"]:
                return api.groups(site, asked)
            case "GET", ["groups", group, "members"] if group.isdecimal():
                return api.members(site, int(group))
            case _:
                raise Refusal(404, "No HTTP resource was found that matches the request.")

    def _tickets(self, request: Request, app_id: int, rest: list[str], caller: User, body: Any) -> Answer:
        site = self._site
        if app_id not in site.apps:
            raise Refusal(404, "The application could not be found.")
        app, asked = site.apps[app_id], body if isinstance(body, dict) else {}
        match request.method, rest:
            case "POST", []:
                return site.switches.created_status, api.create(site, app, caller, asked)
            case method, [number, *more] if number.isdecimal():
                return 200, self._ticket((method, *more), site.ticket(app_id, int(number)), caller, body)
            case _:
                return 200, self._application(request, app, rest, asked)

    def _application(self, request: Request, app: App, rest: list[str], asked: Mapping[str, Any]) -> Any:
        match request.method, rest:
            case "GET", ["statuses"]:
                return api.statuses(app)
            case "POST", ["statuses", "search"]:
                like = str(asked.get("SearchText") or "").casefold()
                return [each for each in api.statuses(app) if like in each["Name"].casefold()]
            case "GET", ["forms"]:
                return api.forms(app)
            case "GET", ["resources"]:
                return api.assignees(self._site, request.parameter("searchText"))
            case "POST", ["search"]:
                return api.tickets(self._site, app, asked)
            case _:
                raise Refusal(404, "No HTTP resource was found that matches the request.")

    def _ticket(self, asked: tuple[str, ...], ticket: Ticket, caller: User, body: Any) -> Any:
        site, values = self._site, body if isinstance(body, dict) else {}
        match asked:
            case ("GET",):
                return shapes.ticket(site, ticket)
            case ("PATCH",):
                return api.patched(site, ticket, caller, body)
            case ("POST",):
                return api.edit(site, ticket, caller, values)
            case ("GET", "feed"):
                return api.feed(site, ticket)
            case ("POST", "feed"):
                made = api.post_feed(site, ticket, caller, values)
                return None if site.switches.empty_feed_answer else made
            case _:
                raise Refusal(405, "The requested resource does not support this method.")


def _asked(request: Request, body: Any) -> Mapping[str, Any]:
    """What a call about people asks for: its body, or the query of a look-up."""
    if request.method == "GET":
        return {"SearchText": request.parameter("searchText"), "MaxResults": request.parameter("maxResults")}
    return body if isinstance(body, dict) else {}


def _endpoint(method: str, path: str) -> str:
    """What is counted together: a call's path without its ids."""
    if method == "POST" and path.endswith("tickets/search"):
        return "search"
    if method == "POST" and path.endswith("/tickets"):
        return "create"
    return f"{method} {re.sub(r'[0-9a-f-]{36}|[0-9]+', '*', path)}"


def _body(request: Request) -> Any:
    if not request.body:
        return None
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise Refusal(415, "The media type is not supported.")
    try:
        return json.loads(request.body)
    except ValueError as error:
        raise Refusal(400, "The request body is not valid JSON.") from error
