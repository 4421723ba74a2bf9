"""Systems that say back what they were told, and a client that is a bug."""

from collections.abc import Callable
from itertools import count
from typing import Final

from connectors.sandbox.letters import Mail
from connectors.sandbox.messages import App, Request, Response
from tests.rig import NO_WRITES

STATUSES: Final = (400, 403, 500)


def echoing(app: App, system: str) -> App:
    """`app`, but every write is answered with a no, a different one each time, that repeats path, headers and body."""
    turn = count()

    def answer(request: Request) -> Response:
        if request.method == "GET" or any(part in request.path for part in NO_WRITES):
            return app(request)
        said = f"{request.path} {dict(request.headers)} {request.body.decode()}"
        status = STATUSES[next(turn) % len(STATUSES)]
        return Response.json(status, _words(system, status, said))

    return answer


def _words(system: str, status: int, said: str) -> dict[str, object]:
    match system:
        case "duo":
            return {"stat": "FAIL", "code": status * 100 + 2, "message": said, "message_detail": said}
        case "servicenow":
            return {"error": {"message": said, "detail": said}, "status": "failure"}
        case "teamdynamix":
            return {"ID": -1, "Message": said}
        case _:
            return {"error": said, "payload": [said], "passphrase": [said]}


def refusing(mail: Mail) -> str:
    """A relay that names the link it doesn't like."""
    return f"554 5.7.1 {' '.join(mail.plain.split())[:400]}"


class Broken:
    """In the place of a client: whatever is asked of it is a bug, with what it was given in local variables."""

    def __getattr__(self, name: str) -> Callable[..., object]:
        def fail(*given: object, **named: object) -> object:
            words = [each.reveal() if hasattr(each, "reveal") else each for each in (*given, *named.values())]
            raise RuntimeError(f"a bug in {name}, of {len(words)} words")

        return fail
