"""The database is gone for a while: the workers stay, health says so, and nothing is lost or done twice."""

import json
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.postgres import server
from tests.rig import DUO_MOBILE, SECURITY_KEY
from tests.worker.dispatch.fleet import Fleet, fleet
from worker import wiring
from worker.health import health
from worker.http import listening

AWAY = 3.0  # seconds, for the minute of a server's restart: poll, lease and every retry are a twentieth too
KINDS = {
    "never_activated": DUO_MOBILE,
    "platform_unknown": DUO_MOBILE,
    "personal_address": SECURITY_KEY,
    "never_logged_in": DUO_MOBILE,
}


def told(port: int) -> tuple[int, dict[str, Any]]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as unhealthy:
        return unhealthy.code, json.load(unhealthy)


def codes(place: Fleet, kind: str) -> list[int]:
    people = [place.installation.sandbox.person(kind, number) for number in range(2)]
    return [len(place.installation.sandbox.duo.codes(person.user_name)) for person in people]


@pytest.mark.parametrize("dispatch", ["procrastinate", pytest.param("local", marks=pytest.mark.long)])
def test_a_database_that_is_away_for_a_while_costs_time_and_nothing_else(tmp_path: Path, dispatch: str) -> None:
    with server() as own, fleet(tmp_path, own.databases.make(), dispatch=dispatch) as place:
        sandbox = place.installation.sandbox
        shop = place.join()
        place.join()
        place.until(lambda: place.owners() != [])
        sandbox.set_latency(place.shops[0].settings.worker.poll_every / 10)
        filed = [
            place.installation.file(kind, number, device=device)
            for number in range(2)
            for kind, device in KINDS.items()
        ]
        place.until(lambda: "acting" in place.states())
        with listening("127.0.0.1:0", lambda: health(place.ledger, shop.settings, wiring.now())) as port:
            own.stop()
            place._pause.wait(AWAY)
            status, said = told(port)
            assert (status, said["healthy"]) == (503, False)
            assert "can't be reached" in said["why"] or "can't be used" in said["why"]
            assert not any(end.done() for end in place.ends)
            own.start()
            place.until(lambda: settled(place, len(filed)))
            assert told(port)[0] == 200
        assert place.texts() == 4
        assert [codes(place, kind) for kind in ("personal_address", "never_logged_in")] == [[1, 1], [0, 0]]
        writes = [
            note for each in filed for note in sandbox.servicenow.journal(each.task.number) if note.kind == "work_notes"
        ]
        assert len({note.text for note in writes}) == len(writes)
        assert place.leave(0)
        assert place.leave(1)


def settled(place: Fleet, count: int) -> bool:
    states = place.states()
    return len(states) == count and set(states) <= {"awaiting", "held"}
