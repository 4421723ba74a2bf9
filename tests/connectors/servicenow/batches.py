"""A scripted Batch API: its answers, and an instance of ours whose writes all go together."""

import base64
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from connectors.gate import Gate, free
from connectors.sandbox.messages import Response
from connectors.secret import Secret
from connectors.servicenow.auth import Basic
from connectors.servicenow.batch import MOST
from connectors.servicenow.instance import Instance
from connectors.servicenow.table import patch
from tests.connectors.scripted import Scripted
from tests.connectors.servicenow.stand import NoPauses
from tests.connectors.servicenow.test_failures import PASSPHRASE
from tests.connectors.servicenow.together import Door, together

IDS: Final = [f"{number:032x}" for number in range(1, MOST + 1)]
SENT: Final = {"state": "2", "u_passphrase": PASSPHRASE, "work_notes": "a note"}


class Desk:
    """An instance of ours that gathers, and the door that its writes gather at."""

    def __init__(self, scripted: Scripted, beside: Gate = free) -> None:
        self.scripted = scripted
        self.door = Door()
        by = Basic("duo.worker", Secret("a password"))
        self.instance = Instance(
            scripted.url,
            by,
            gate=self.door,
            stop=NoPauses(),
            ca_file=scripted.ca_file,
            timeout=timedelta(milliseconds=150),
            beside=beside,
        )

    def write(self, *records: str, fields: Any = SENT) -> list[Any]:
        """What comes of a write to each, a row or an error, where all go together."""
        assert self.instance.batch is not None
        batch = self.instance.batch
        works = [
            lambda record=record: patch(self.instance, "sc_task", record, fields, ["assigned_to"]) for record in records
        ]
        return together(self.door, lambda: batch.waiting, works)


def good(record: str, **differs: str) -> Response:
    return Response.json(200, {"result": {"sys_id": record, **SENT, "work_notes": "", **differs}})


def item(place: int, response: Response) -> dict[str, Any]:
    """An answer as one of a batch's."""
    return {
        "id": str(place),
        "status_code": response.status,
        "body": base64.b64encode(response.body).decode(),
        "headers": [{"name": name, "value": value} for name, value in response.headers.items()],
    }


def batched(*responses: Response, left: Sequence[str] = (), **differs: Any) -> Response:
    """The answer to a first batch; `differs` are keys of its body."""
    served = [item(place, response) for place, response in enumerate(responses, start=1)]
    body = {"batch_request_id": "1", "serviced_requests": served, "unserviced_requests": list(left)}
    return Response.json(200, {**body, **differs})


def kinds(came: Sequence[Any]) -> list[type]:
    return [type(each) for each in came]
