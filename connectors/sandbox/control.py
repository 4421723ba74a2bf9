"""Playing people by hand: the sandbox's acts and views over HTTP and JSON, on a loopback port of its own.

`GET /` lists all of it. `POST /acts/NAME` with a JSON object of arguments does an act and answers {"result": …}; what
can't be done answers 400 or 404 with {"error": …}. The views: `/calls`, `/mailbox`, `/texts`, `/enrollment_mails`,
`/tickets/NUMBER`, `/people`.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote

from connectors.sandbox import shown
from connectors.sandbox.act import Impossible
from connectors.sandbox.acts import ACTS
from connectors.sandbox.duo.failures import Failure
from connectors.sandbox.http import Server
from connectors.sandbox.messages import Request, Response
from connectors.sandbox.world import Sandbox

VIEWS: Final = {
    "/calls": "What the stand-ins were asked; ?system= and ?since= (a count of calls) narrow it.",
    "/mailbox": "The mails they took; ?address= narrows it.",
    "/texts": "The text messages Duo sent; ?number= narrows it.",
    "/enrollment_mails": "The enrolment mails Duo sent.",
    "/tickets/NUMBER": "A ticket with its comments and work notes.",
    "/people": "The district; ?kind= narrows it.",
}


@contextmanager
def serve(sandbox: Sandbox, clock: Callable[[], datetime], port: int = 0) -> Iterator[Server]:
    """A control for `sandbox` in plain HTTP, on a free port if it is 0, while the block runs."""
    server = Server("control", Control(sandbox).app, tls=None, clock=clock, port=port)
    try:
        yield server
    finally:
        server.stop()


class Control:
    """`app` answers for one sandbox."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._acts = {act.name: act for act in ACTS}

    def app(self, request: Request) -> Response:
        try:
            return shown.answer(200, self._answer(request))
        except Impossible as wrong:
            return shown.answer(400, {"error": str(wrong)})
        except Failure as refused:
            return shown.answer(400, {"error": f"Duo refuses it: {refused}"})
        except LookupError as missing:
            return shown.answer(404, {"error": str(missing.args[0]) if missing.args else "not there"})

    def _answer(self, request: Request) -> object:
        match request.method, unquote(request.path).strip("/").split("/"):
            case "GET", [""]:
                return self._help()
            case "GET", ["tickets", number]:
                return self._sandbox.site.ticket(number)
            case "GET", [view]:
                return self._view(view, request)
            case "POST", ["acts", name] if name in self._acts:
                return {"result": self._acts[name](self._sandbox, _arguments(request))}
            case _:
                raise LookupError(f"there is no {request.method} {request.path}; GET / lists what there is")

    def _view(self, view: str, request: Request) -> object:
        sandbox, asked = self._sandbox, request.parameter
        match view:
            case "calls":
                calls = sandbox.calls.select(asked("system"), since=_count(asked("since", "0")))
                return [shown.call(call) for call in calls]
            case "mailbox":
                address = asked("address")
                mails = sandbox.mail.for_address(address) if address else sandbox.mail.messages
                return [shown.mail(mail) for mail in mails]
            case "texts":
                number = asked("number").replace(" ", "+")  # what a plus becomes that nobody encoded
                return [text for text in sandbox.duo.texts if number in ("", text.number)]
            case "enrollment_mails":
                return sandbox.duo.enrollment_mails
            case "people":
                return [person for person in sandbox.people.values() if asked("kind") in ("", person.kind)]
            case _:
                raise LookupError(f"there is no view {view}; GET / lists what there is")

    def _help(self) -> dict[str, Any]:
        acts = {
            f"POST /acts/{act.name}": {"does": act.does, "needs": act.needs, "may": act.may}
            for act in self._acts.values()
        }
        return {"acts": acts, "views": {f"GET {path}": does for path, does in VIEWS.items()}}


def _arguments(request: Request) -> dict[str, Any]:
    try:
        given = json.loads(request.body or b"{}")
    except ValueError as error:
        raise Impossible("the body is no JSON") from error
    if not isinstance(given, dict):
        raise Impossible("the body must be a JSON object")
    return given


def _count(text: str) -> int:
    if not text.isdecimal():
        raise Impossible("since must be a whole number")
    return int(text)
